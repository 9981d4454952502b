import Link from 'next/link';
import { formatUsd } from '../../lib/domain/money';
import type { RentalView, RentalWatchView, StrayInstanceView } from '../../lib/domain/rental';
import { rentalPhaseOf } from '../../lib/domain/rental-phase';
import { foreignInstances, rateOf } from '../../lib/domain/rental-summary';
import type { RentedInstance } from '../../lib/domain/rented-instance';
import { rateWords } from '../_copy/rate-words';
import { RENTAL_PHASE_COPY } from '../_copy/rental-phase-copy';
import { FollowRentals } from '../_live/follow-rentals';
import { Card } from '../_ui/card';
import { EmptyState } from '../_ui/empty-state';
import { RelativeTime } from '../_ui/relative-time';
import { LookAge } from './look-age';
import { paidFor } from './paid-for';
import { idleTooLongMs } from './rental-alarms';
import { machineWords, RentalRow } from './rental-row';
import { StrayRow } from './stray-row';

interface RentedSectionProps {
  readonly rentals: readonly RentalView[];
  readonly strays: readonly StrayInstanceView[];
  readonly watch: RentalWatchView | null;
  readonly nowMs: number;
}

const ENDED_SHOWN = 10;

/** Everything on vast.ai that belongs to the account: what needs somebody, our rentals, machines of others, what has ended. */
export function RentedSection({ rentals, strays, watch, nowMs }: RentedSectionProps) {
  const open = rentals.filter(({ state }) => state !== 'ended').sort((a, b) => urgency(b, nowMs) - urgency(a, nowMs));
  const ended = rentals.filter(({ state }) => state === 'ended');
  const foreign = foreignInstances(rentals, strays, watch);
  const isEmpty = open.length + strays.length + foreign.length === 0;
  return (
    <Card
      id="vast"
      title="On vast.ai"
      aside={<LookAge readAt={watch?.readAt ?? null} failure={watch?.failure ?? null} />}
      flush
    >
      <FollowRentals />
      {isEmpty ? (
        <EmptyState title="Nothing is rented">
          Check a model, then let it be converted on a rented machine: it is given back when the files are home.
        </EmptyState>
      ) : null}
      <ul className="divide-y" aria-label="Machines on vast.ai">
        <Strays strays={strays.filter(({ choice }) => choice !== 'ignore')} />
        {open.map((rental) => (
          <RentalRow key={rental.id} rental={rental} nowMs={nowMs} />
        ))}
        <Strays strays={strays.filter(({ choice }) => choice === 'ignore')} />
        {foreign.map((seen) => (
          <ForeignRow key={seen.id} seen={seen} />
        ))}
      </ul>
      {ended.length === 0 ? null : <EndedList rentals={ended.slice(0, ENDED_SHOWN)} total={ended.length} />}
    </Card>
  );
}

/** What costs money for nothing comes first, then what needs somebody. */
function urgency(rental: RentalView, nowMs: number): number {
  return idleTooLongMs(rental, nowMs) !== null ? 2 : Number(rental.alarm !== null);
}

function Strays({ strays }: { readonly strays: readonly StrayInstanceView[] }) {
  return strays.map((stray) => (
    <StrayRow
      key={stray.serviceId}
      stray={stray}
      phaseWord={phaseWord(stray.seen)}
      nowNanoUsdPerHour={rateOf(stray.seen)}
      machine={machineWords({ seen: stray.seen })}
    />
  ));
}

function ForeignRow({ seen }: { readonly seen: RentedInstance }) {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-3 text-ink-muted sm:px-5">
      <span className="min-w-0">
        <span className="text-ink">{seen.label || `Instance ${seen.id}`}</span>{' '}
        <span className="text-xs">not rented by this dashboard</span>
        <span className="block text-xs">{machineWords({ seen })}</span>
      </span>
      <span className="text-xs">
        {phaseWord(seen)} · <span className="figures">{rateWords(rateOf(seen))}</span>
      </span>
    </li>
  );
}

function EndedList({ rentals, total }: { readonly rentals: readonly RentalView[]; readonly total: number }) {
  return (
    <details className="border-t px-4 py-2.5 sm:px-5">
      <summary className="w-fit py-1 font-medium">{total === 1 ? 'One has' : `${total} have`} been given back</summary>
      <ul className="mt-1 divide-y">
        {rentals.map((rental) => (
          <li key={rental.id} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-2">
            <Link
              href={`/instances/${rental.instanceId}`}
              className="min-w-0 break-words underline-offset-2 hover:underline"
            >
              {rental.instanceName}
            </Link>
            <span className="text-ink-muted text-xs">
              <PaidWords rental={rental} />, ended <RelativeTime at={rental.endedAt ?? rental.stateSince} />
            </span>
          </li>
        ))}
      </ul>
      {total > rentals.length ? (
        <p className="py-1 text-ink-muted text-xs">The newest {rentals.length} are listed.</p>
      ) : null}
    </details>
  );
}

function PaidWords({ rental }: { readonly rental: RentalView }) {
  const { paidNanoUsd, isCharged } = paidFor(rental.money);
  return (
    <>
      <span className="figures">{formatUsd(paidNanoUsd)}</span> {isCharged ? 'charged' : 'by our count'}
    </>
  );
}

function phaseWord(seen: RentedInstance): string {
  return RENTAL_PHASE_COPY[rentalPhaseOf(seen, null)].word;
}
