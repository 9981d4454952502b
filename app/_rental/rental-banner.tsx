'use client';
import clsx from 'clsx';
import ArrowRight from 'lucide-react/icons/arrow-right';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Link from 'next/link';
import { useRentals } from '../_live/rentals-provider';
import { useNow } from '../_ui/use-now';
import { rentalAlarms } from './rental-alarms';

const TONES = {
  bad: 'border-bad/60 bg-bad-soft text-bad',
  warn: 'border-warn/50 bg-warn-soft text-warn',
} as const;

/** On every page, until it is solved: rented machines that cost money for nothing, or may. */
export function RentalBanner() {
  const summary = useRentals();
  const now = useNow(summary.rentals.length + summary.strays.length > 0);
  const alarms = rentalAlarms(summary, now);
  return (
    <section aria-label="Rented machines that need you" className={alarms.length > 0 ? 'mb-6 grid gap-2' : undefined}>
      {/* Only what is new is said aloud, not each minute that passes. */}
      <p role="status" className="sr-only">
        {alarms.map(({ title }) => title).join('. ')}
      </p>
      {alarms.map(({ key, tone, title, text, href }) => (
        <div key={key} className={clsx('relative flex gap-3 rounded-lg border-2 px-4 py-3', TONES[tone])}>
          <TriangleAlert size={20} aria-hidden className="mt-px shrink-0" />
          <p className="min-w-0 flex-1">
            <strong className="block font-semibold">{title}</strong>
            <span className="wrap-anywhere text-ink">{text}</span>
          </p>
          <Link
            href={href}
            className="inline-flex items-center gap-1 self-center font-medium text-ink text-xs underline-offset-2 after:absolute after:inset-0 hover:underline"
          >
            <span className="max-sm:sr-only">See to it</span>
            <ArrowRight size={14} aria-hidden />
          </Link>
        </div>
      ))}
    </section>
  );
}
