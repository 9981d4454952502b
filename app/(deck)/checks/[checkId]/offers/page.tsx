import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { formatBytes } from '../../../../../lib/domain/bytes';
import { calibrate } from '../../../../../lib/domain/calibrate';
import type { Failure } from '../../../../../lib/domain/failure';
import {
  checkSourceText,
  type ModelCheckReport,
  type ModelCheckView,
  readinessOf,
} from '../../../../../lib/domain/model-check';
import { listDevices } from '../../../../../lib/store/device-views';
import { findModelCheck } from '../../../../../lib/store/model-check-views';
import { listRentalOutcomes } from '../../../../../lib/store/rental-outcome-views';
import { findOfferLooks, type OfferLook as Look } from '../../../../../lib/store/rental-question-views';
import { requireSession } from '../../../../_auth/require-session';
import { offersAddress } from '../../../../_check/addresses';
import { FailureNotice } from '../../../../_copy/failure-notice';
import { type OfferFilter, offerFilterOf, readOfferQuery } from '../../../../_rental/offer-filter';
import { OfferForm } from '../../../../_rental/offer-form';
import { OfferList } from '../../../../_rental/offer-list';
import { OfferLook } from '../../../../_rental/offer-look';
import { proposedTerms } from '../../../../_rental/proposed-terms';
import { rankForCheck, workForCheck } from '../../../../_rental/rank-for-check';
import { type RentedWork, rentPlanOf } from '../../../../_rental/rent-plan';
import { ButtonLink } from '../../../../_ui/button';
import { Notice } from '../../../../_ui/notice';
import { PageHeader } from '../../../../_ui/page-header';
import type { SearchParams } from '../../../../_ui/search-params';

export const metadata: Metadata = { title: 'Machines on vast.ai' };

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
  const { work, diskGb } = workForCheck(check.report, filter);
  const { newest, lastAnswered } = await findOfferLooks(diskGb);
  const offers = lastAnswered?.answer?.offers ?? null;
  const ranking = offers === null ? null : rankForCheck(offers, work, filter, calibrate(await listRentalOutcomes()));
  const countries = (offers ?? []).flatMap(({ country }) => country ?? []);
  const rents = address['rent'] === 'best';
  const isStale = rents && isOld(newest);
  const rented = rentedWorkOf(check, check.report, filter);
  const outputBytes = work.outputs.reduce((sum, output) => sum + output.sizeBytes, 0);
  return (
    <>
      <nav aria-label="Breadcrumb" className="mb-2 text-ink-muted text-xs">
        <Link href="/checks" className="hover:text-ink hover:underline">
          Model checks
        </Link>{' '}
        <span aria-hidden>/</span>{' '}
        <Link href={`/checks/${check.id}`} className="hover:text-ink hover:underline">
          {checkSourceText(check.source)}
        </Link>
      </nav>
      <PageHeader
        title="Machines on vast.ai"
        lead={`For ${filter.outputs.join(', ')}: ${formatBytes(work.sourceBytes)} to fetch, ${formatBytes(work.baseBytes)} for the float GGUF, ${formatBytes(outputBytes)} for what is quantized from it. That takes a disk of ${diskGb} GB and ${formatBytes(work.memoryBytes)} of memory.`}
      />
      <div className="space-y-6">
        <OfferForm action={offersAddress(check.id)} filter={filter} countries={countries} />
        <Notice title={work.imatrixTokens === null ? 'The GPU does not matter' : 'The GPU matters a little'}>
          {work.imatrixTokens === null
            ? 'Converting and quantizing use the processor, the disk and the line: how fast the GPU is changes nothing. It would for types that need an importance matrix.'
            : 'It is used while the importance matrix is measured, and for nothing else: processor, disk and line do the rest.'}
        </Notice>
        {check.source.kind === 'folder' ? (
          <Notice tone="warn" title="This checkpoint is in a folder">
            A rented machine would have to be sent it first; the estimate reckons as if it came from a hub.
          </Notice>
        ) : null}
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
            allHref={address['all'] === '1' ? null : allAddress(check.id, address)}
            planOf={rented && ((ranked) => rentPlanOf(rented, ranked, proposedTerms(ranked, filter)))}
            rentsAtOnce={rents && newest?.status === 'answered' && !isStale}
          />
        ) : null}
      </div>
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
function rentedWorkOf(check: ModelCheckView, report: ModelCheckReport, { outputs }: OfferFilter): RentedWork | null {
  const readiness = readinessOf(report);
  if (readiness !== 'ready' && readiness !== 'repairable') return null;
  const needsRepair = readiness === 'repairable';
  return { checkId: check.id, model: checkSourceText(check.source), outputs, needsRepair };
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
