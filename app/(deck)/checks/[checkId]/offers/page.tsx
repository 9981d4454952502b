import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { formatBytes } from '../../../../../lib/domain/bytes';
import { calibrate } from '../../../../../lib/domain/calibrate';
import { checkpointOriginOf } from '../../../../../lib/domain/checkpoint-origin';
import type { Failure } from '../../../../../lib/domain/failure';
import {
  checkSourceText,
  type ModelCheckReport,
  type ModelCheckView,
  readinessOf,
} from '../../../../../lib/domain/model-check';
import { proposedTerms } from '../../../../../lib/domain/proposed-terms';
import type { RentalWork } from '../../../../../lib/domain/rental-work';
import { listDevices } from '../../../../../lib/store/device-views';
import { findModelCheck } from '../../../../../lib/store/model-check-views';
import { findRentalMonth, type RentalMonthView } from '../../../../../lib/store/rental-month-views';
import { listRentalOutcomes } from '../../../../../lib/store/rental-outcome-views';
import { findOfferLooks, type OfferLook as Look } from '../../../../../lib/store/rental-question-views';
import { requireSession } from '../../../../_auth/require-session';
import { offersAddress } from '../../../../_check/addresses';
import { FailureNotice } from '../../../../_copy/failure-notice';
import { marketWishOf, type OfferFilter, offerFilterOf, readOfferQuery } from '../../../../_rental/offer-filter';
import { OfferForm } from '../../../../_rental/offer-form';
import { OfferList } from '../../../../_rental/offer-list';
import { OfferLook } from '../../../../_rental/offer-look';
import { rankForCheck, workForCheck } from '../../../../_rental/rank-for-check';
import { type RentedWork, rentPlanOf } from '../../../../_rental/rent-plan';
import { ButtonLink } from '../../../../_ui/button';
import { Notice } from '../../../../_ui/notice';
import { PageHeader } from '../../../../_ui/page-header';
import type { SearchParams } from '../../../../_ui/search-params';

const TITLE = 'Machines on vast.ai';

export const metadata: Metadata = { title: TITLE };

interface OffersPageProps {
  readonly params: Promise<{ readonly checkId: string }>;
  readonly searchParams: Promise<SearchParams>;
}

/** Old enough that the best of it is likely to be gone: whoever wants to rent at once gets a new look. */
const STALE_MS = 5 * 60_000;

/** Machines that could convert a checked model, by what the job costs on each, and the way to rent one. */
export default async function OffersPage({ params, searchParams }: OffersPageProps) {
  await requireSession();
  const [{ checkId }, address] = await Promise.all([params, searchParams]);
  const [check, devices] = await Promise.all([findModelCheck(checkId), listDevices()]);
  if (!check?.report) notFound();
  const filter = offerFilterOf(readOfferQuery(address), check.report, devices);
  const sourceFrom = checkpointOriginOf(check.source);
  if (sourceFrom === null) return <OtherHostsFolder check={check} />;
  const { work, diskGb } = workForCheck(check.report, filter, sourceFrom);
  const { newest, lastAnswered } = await findOfferLooks(diskGb);
  const offers = lastAnswered?.answer?.offers ?? null;
  const ranking = offers === null ? null : rankForCheck(offers, work, filter, calibrate(await listRentalOutcomes()));
  const countries = (offers ?? []).flatMap(({ country }) => country ?? []);
  const rents = address['rent'] === 'best';
  const isStale = rents && isOld(newest);
  const rented = rentedWorkOf(check, check.report, filter, monthLeft(await findRentalMonth()));
  const outputBytes = work.outputs.reduce((sum, output) => sum + output.sizeBytes, 0);
  return (
    <>
      <Breadcrumb check={check} />
      <PageHeader
        title={TITLE}
        lead={`For ${filter.outputs.join(', ')}: ${formatBytes(work.sourceBytes)} to ${sourceFrom === 'hub' ? 'fetch' : 'send'}, ${formatBytes(work.baseBytes)} for the float GGUF, ${formatBytes(outputBytes)} for what is quantized from it. That takes a disk of ${diskGb} GB and ${formatBytes(work.memoryBytes)} of memory.`}
      />
      <div className="space-y-6">
        <OfferForm action={offersAddress(check.id)} filter={filter} countries={countries} />
        <WorkNotices work={work} />
        {newest?.failure ? <LookFailure failure={newest.failure} /> : null}
        <OfferLook
          key={diskGb}
          diskGb={diskGb}
          state={newest === null || isStale ? 'never' : newest.finishedAt === null ? 'pending' : 'done'}
          lookedAt={lastAnswered?.finishedAt ?? null}
        />
        {ranking ? (
          <OfferList
            ranking={ranking}
            sourceFrom={sourceFrom}
            allHref={address['all'] === '1' ? null : allAddress(check.id, address)}
            planOf={rented && ((ranked) => rentPlanOf(rented, ranked, proposedTerms(ranked, marketWishOf(filter))))}
            rentsAtOnce={rents && newest?.status === 'answered' && !isStale}
          />
        ) : null}
      </div>
    </>
  );
}

/** What the job's work makes of machines, where it is not what one would think. */
function WorkNotices({ work: { sourceFrom } }: { readonly work: RentalWork }) {
  return (
    <>
      <Notice title="The GPU does not matter">
        The llama.cpp that is used here computes everything on the processor, an importance matrix too. Processor, disk
        and line decide; how fast the GPU is changes nothing.
      </Notice>
      {sourceFrom === 'dashboard' ? (
        <Notice title="This checkpoint is sent from the dashboard's machine">
          It goes to the rented machine by SSH, as fast as the dashboard's own line sends, and the machine is billed
          while it waits: the estimates reckon with that. Traffic into the machine costs the same as from the hub.
        </Notice>
      ) : null}
    </>
  );
}

function Breadcrumb({ check }: { readonly check: ModelCheckView }) {
  return (
    <nav aria-label="Breadcrumb" className="mb-2 text-ink-muted text-xs">
      <Link href="/checks" className="hover:text-ink hover:underline">
        Model checks
      </Link>{' '}
      <span aria-hidden>/</span>{' '}
      <Link href={`/checks/${check.id}`} className="hover:text-ink hover:underline">
        {checkSourceText(check.source)}
      </Link>
    </nav>
  );
}

/** Nothing is looked for that could not be rented. */
function OtherHostsFolder({ check }: { readonly check: ModelCheckView }) {
  return (
    <>
      <Breadcrumb check={check} />
      <PageHeader title={TITLE} />
      <Notice tone="warn" title="This checkpoint is a folder of another host">
        A machine that is not there yet cannot read it. Convert it on that host, or check the same model from the hub or
        from a folder of the dashboard's machine.
      </Notice>
    </>
  );
}

function LookFailure({ failure }: { readonly failure: Failure }) {
  return (
    <FailureNotice failure={failure}>
      {failure.code.startsWith('rental-key') ? (
        <p className="mt-3">
          <ButtonLink href="/settings#vast" size="small">
            Open the settings
          </ButtonLink>
        </p>
      ) : null}
    </FailureNotice>
  );
}

/** What a machine would be rented for; null for a model that cannot be converted yet. */
function rentedWorkOf(
  check: ModelCheckView,
  report: ModelCheckReport,
  { outputs }: OfferFilter,
  monthLeftNanoUsd: number | null,
): RentedWork | null {
  const readiness = readinessOf(report);
  if (readiness !== 'ready' && readiness !== 'repairable') return null;
  const needsRepair = readiness === 'repairable';
  return { checkId: check.id, model: checkSourceText(check.source), outputs, needsRepair, monthLeftNanoUsd };
}

function monthLeft({ limitNanoUsd, spentNanoUsd, promisedNanoUsd }: RentalMonthView): number | null {
  return limitNanoUsd === null ? null : Math.max(0, limitNanoUsd - spentNanoUsd - promisedNanoUsd);
}

function isOld(look: Look | null): boolean {
  return look !== null && look.finishedAt !== null && Date.now() - Date.parse(look.finishedAt) > STALE_MS;
}

function allAddress(checkId: string, address: SearchParams): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(address))
    for (const text of [value ?? []].flat()) query.append(name, text);
  query.set('all', '1');
  return `${offersAddress(checkId)}?${query}`;
}
