import Link from 'next/link';
import { placeName } from '../../lib/domain/place-name';
import type { RentalView } from '../../lib/domain/rental';
import { FailureNotice } from '../_copy/failure-notice';
import { rentalStateWords } from '../_copy/rental-state-copy';
import { RelativeTime } from '../_ui/relative-time';
import { BudgetLine } from './budget-line';
import { IdleNotice } from './idle-notice';
import { RentalStateBadge } from './rental-state-badge';
import { StateLine } from './state-line';
import { Utilization } from './utilization';

/** One rental in the list: what it does, what it costs, and how busy it is. */
export function RentalRow({ rental, nowMs }: { readonly rental: RentalView; readonly nowMs: number }) {
  const { seen, seenAt, alarm } = rental;
  return (
    <li className="grid gap-3 px-4 py-4 sm:px-5">
      <IdleNotice rental={rental} nowMs={nowMs} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          href={`/instances/${rental.instanceId}`}
          className="min-w-0 break-words font-medium underline-offset-2 hover:underline"
        >
          {rental.instanceName}
        </Link>
        <RentalStateBadge rental={rental} />
        <span className="sr-only">{rentalStateWords(rental.state, rental.phase).meaning}</span>
      </div>
      {alarm === null ? null : <FailureNotice failure={alarm} />}
      <div className="grid items-start gap-x-8 gap-y-3 md:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-2">
          <StateLine rental={rental} />
          {seen === null || seenAt === null ? null : (
            <>
              <p className="text-ink-muted text-xs">{machineWords(rental)}</p>
              <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
                <Utilization rental={rental} />
                <span className="text-ink-muted text-xs">
                  seen <RelativeTime at={seenAt} />
                </span>
              </div>
            </>
          )}
        </div>
        <BudgetLine rental={rental} />
      </div>
    </li>
  );
}

/** `RTX 4090 · 16 cores · Washington, US · 4001`: what is known of the machine, with the service's id of it. */
export function machineWords({ seen }: Pick<RentalView, 'seen'>): string {
  if (seen === null) return 'no machine yet';
  return [
    seen.gpuName === null ? null : `${seen.gpuCount > 1 ? `${seen.gpuCount} × ` : ''}${seen.gpuName}`,
    seen.cores === null ? null : `${Math.round(seen.cores * 10) / 10} cores`,
    placeName(seen.place),
    `instance ${seen.id}`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
