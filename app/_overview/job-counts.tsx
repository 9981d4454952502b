import clsx from 'clsx';
import Link from 'next/link';
import { JOB_STATUSES, type JobStatus } from '../../lib/domain/status';
import { JOB_STATUS_DISPLAY } from '../_copy/status-display';
import { TONE_TEXT } from '../_ui/badge';

/** How many jobs there are of each status; each number leads to them. */
export function JobCounts({ counts }: { readonly counts: Readonly<Record<JobStatus, number>> }) {
  return (
    <nav aria-label="Jobs by status">
      <ul className="grid grid-cols-3 gap-px overflow-hidden rounded-xl border bg-line shadow-card sm:grid-cols-5">
        {JOB_STATUSES.map((status) => {
          const display = JOB_STATUS_DISPLAY[status];
          return (
            <li key={status} className="bg-surface last:max-sm:col-span-2">
              <Link
                href={`/jobs?status=${status}`}
                className="flex h-full items-center justify-between gap-2 px-4 py-3 hover:bg-quiet-soft/40"
              >
                <span>
                  <span className="figures block font-medium text-2xl leading-8">{counts[status]}</span>
                  <span className="text-ink-muted text-xs">{display.word}</span>
                </span>
                <display.icon
                  size={18}
                  strokeWidth={1.7}
                  aria-hidden
                  className={clsx('self-start', counts[status] > 0 ? TONE_TEXT[display.tone] : 'text-ink-faint/60')}
                />
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
