import clsx from 'clsx';
import type { RentalEventView } from '../../lib/domain/rental';
import { RENTAL_EVENT_COPY } from '../_copy/rental-state-copy';
import { TONE_TEXT } from '../_ui/badge';
import { Card } from '../_ui/card';
import { RelativeTime } from '../_ui/relative-time';

/** What happened with a rental, the newest first. */
export function RentalStory({ events }: { readonly events: readonly RentalEventView[] }) {
  return (
    <Card title="What happened" flush>
      {events.length === 0 ? (
        <p className="px-4 py-6 text-ink-muted sm:px-5">Nothing yet.</p>
      ) : (
        <ol className="divide-y">
          {[...events].reverse().map(({ at, level, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the story only grows, and two lines may be of one moment
            <li key={`${events.length - index}`} className="flex gap-x-4 px-4 py-2.5 sm:px-5">
              <span className="w-20 shrink-0 text-ink-muted text-xs leading-5">
                <RelativeTime at={at} />
              </span>
              <span className="wrap-anywhere min-w-0">
                {level === 'note' ? null : (
                  <strong className={clsx('font-medium', TONE_TEXT[RENTAL_EVENT_COPY[level].tone])}>
                    {RENTAL_EVENT_COPY[level].word}.{' '}
                  </strong>
                )}
                {text}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
