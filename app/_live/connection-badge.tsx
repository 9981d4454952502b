'use client';
import clsx from 'clsx';
import { formatDuration } from '../../lib/domain/duration';
import { useNow } from '../_ui/use-now';
import { type Connection, useConnection } from './use-connection';

const WORDS: Readonly<
  Record<Connection['state'], { readonly word: string; readonly dot: string; readonly meaning: string }>
> = {
  connecting: { word: 'Connecting', dot: 'bg-ink-faint animate-breathe', meaning: 'Opening the live connection.' },
  live: { word: 'Live', dot: 'bg-ok', meaning: 'What you see is what is happening.' },
  reconnecting: {
    word: 'Reconnecting',
    dot: 'bg-warn animate-breathe',
    meaning: 'The live connection was cut; what you see may be old.',
  },
  offline: { word: 'Offline', dot: 'bg-bad', meaning: 'The dashboard cannot be reached. Jobs go on without it.' },
};

/** Whether the page is live, and for how long it has not been. */
export function ConnectionBadge({ className }: { readonly className?: string }) {
  const connection = useConnection();
  const isCut = connection.state === 'reconnecting' || connection.state === 'offline';
  const now = useNow(isCut);
  const words = WORDS[connection.state];
  return (
    <span
      role="status"
      title={words.meaning}
      className={clsx('inline-flex items-center gap-2 text-ink-muted text-xs', className)}
    >
      <span aria-hidden className={clsx('size-2 rounded-full', words.dot)} />
      {words.word}
      {isCut && now !== null ? (
        <span aria-hidden className="figures">
          {formatDuration(Math.max(1000, now - connection.sinceMs))}
        </span>
      ) : null}
    </span>
  );
}
