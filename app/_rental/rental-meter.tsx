'use client';
import clsx from 'clsx';
import Link from 'next/link';
import { formatUsd } from '../../lib/domain/money';
import { rateWords } from '../_copy/rate-words';
import { useRentals } from '../_live/rentals-provider';
import { RelativeTime } from '../_ui/relative-time';

interface RentalMeterProps {
  /** `bar` has room for what costs money now, and shows nothing when nothing does. */
  readonly shape: 'column' | 'bar';
}

/** What everything rented costs an hour, and the credit that is left. Nothing for people who never rented. */
export function RentalMeter({ shape }: RentalMeterProps) {
  const { nowNanoUsdPerHour, creditNanoUsd, creditAt, readAt, rentals } = useRentals();
  if (readAt === null && rentals.length === 0) return null;
  const costs = nowNanoUsdPerHour !== 0;
  if (shape === 'bar' && !costs) return null;
  return (
    <Link
      href="/instances#vast"
      className={clsx('block rounded-md text-xs hover:bg-quiet-soft', shape === 'bar' ? 'px-1.5 py-1' : 'px-2 py-1.5')}
    >
      <span className="flex items-center gap-2">
        <span aria-hidden className={clsx('size-2 shrink-0 rounded-full', costs ? 'bg-warn' : 'bg-ink-faint')} />
        <span className={shape === 'column' ? 'text-ink-muted' : 'sr-only'}>vast.ai</span>
        <span className={clsx('figures ml-auto', costs ? 'font-medium text-ink' : 'text-ink-muted')}>
          {rateWords(nowNanoUsdPerHour)}
        </span>
      </span>
      {shape === 'column' && creditNanoUsd !== null ? (
        <span className="figures mt-0.5 flex justify-between pl-4 text-ink-muted">
          <span className="font-sans">
            credit{creditAt === null ? '' : ', '}
            {creditAt === null ? null : <RelativeTime at={creditAt} />}
          </span>
          {formatUsd(creditNanoUsd)}
        </span>
      ) : null}
    </Link>
  );
}
