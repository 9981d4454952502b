'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { formatDuration } from '../../lib/domain/duration';
import { formatUsd } from '../../lib/domain/money';
import type { SpentParts } from '../../lib/domain/spent-parts';
import { rateWords } from '../_copy/rate-words';
import { useRentals } from '../_live/rentals-provider';
import { BudgetBar } from '../_rental/budget-bar';
import type { Paid } from '../_rental/paid-for';
import { RelativeTime } from '../_ui/relative-time';
import { useNow } from '../_ui/use-now';

export interface JobMoneyProps {
  readonly rentalId: string;
  readonly instanceId: string;
  /** Set once it is proven that the bill has ended. */
  readonly ended: (Paid & { readonly at: string }) | null;
}

/** What the machine of a job costs, live and by its parts, and what is left of the budget and the time. */
export function JobMoney({ rentalId, instanceId, ended }: JobMoneyProps) {
  const rental = useRentals().rentals.find(({ id }) => id === rentalId);
  const router = useRouter();
  const isOver = rental === undefined && ended === null;
  // Its end is no news of the summary: the page knows how it ended.
  useEffect(() => {
    if (isOver) router.refresh();
  }, [isOver, router]);
  const now = useNow(rental !== undefined);
  if (isOver) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-5 gap-y-2 rounded-lg border bg-surface px-4 py-2.5 text-ink-muted text-xs shadow-card">
      <Link href={`/instances/${instanceId}`} className="font-medium text-accent underline-offset-2 hover:underline">
        Rented on vast.ai
      </Link>
      {ended && !rental ? (
        <>
          <span>
            <span className="figures font-medium text-ink">{formatUsd(ended.paidNanoUsd)}</span>{' '}
            {ended.isCharged ? 'charged' : 'by our count'}; billing ended <RelativeTime at={ended.at} />, proven
          </span>
          <Parts parts={ended.parts} />
        </>
      ) : null}
      {rental ? (
        <>
          <span className="flex items-center gap-2.5">
            <span>
              <span className="figures font-medium text-ink">{formatUsd(rental.spentNanoUsd)}</span> so far
            </span>
            <BudgetBar
              label="Budget spent"
              spentNanoUsd={rental.spentNanoUsd}
              mostNanoUsd={rental.mostNanoUsd}
              className="w-24"
            />
            <span>
              <span className="figures">{formatUsd(Math.max(0, rental.mostNanoUsd - rental.spentNanoUsd))}</span> left
            </span>
          </span>
          <Parts parts={rental.spentParts} />
          <span className="figures">{rateWords(rental.nowNanoUsdPerHour)}</span>
          {now === null ? null : <span>{timeLeft(Date.parse(rental.deadlineAt) - now)}</span>}
        </>
      ) : null}
    </p>
  );
}

function Parts({ parts: { machineNanoUsd, diskNanoUsd, trafficNanoUsd } }: { readonly parts: SpentParts }) {
  return (
    <span>
      machine <span className="figures">{formatUsd(machineNanoUsd)}</span> · disk{' '}
      <span className="figures">{formatUsd(diskNanoUsd)}</span> · traffic{' '}
      <span className="figures">{formatUsd(trafficNanoUsd)}</span>
    </span>
  );
}

function timeLeft(leftMs: number): string {
  return leftMs > 0
    ? `${formatDuration(Math.ceil(leftMs / 60_000) * 60_000)} until the deadline`
    : 'the deadline is over';
}
