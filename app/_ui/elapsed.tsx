'use client';
import { formatDuration } from '../../lib/domain/duration';
import { useNow } from './use-now';

interface ElapsedProps {
  /** ISO time. */
  readonly from: string;
  /** ISO time; null means that it still runs. */
  readonly to: string | null;
}

/** A duration that ticks while its end is open. */
export function Elapsed({ from, to }: ElapsedProps) {
  const now = useNow(to === null);
  const end = to === null ? now : Date.parse(to);
  const durationMs = end === null ? null : Math.max(0, end - Date.parse(from));
  const seconds = durationMs === null ? 0 : Math.round(durationMs / 1000);
  // A clock that shows milliseconds while it ticks each second would only flicker.
  const shown = durationMs !== null && to === null && durationMs < 1000 ? 1000 : durationMs;
  return (
    <time dateTime={`PT${seconds}S`} className="figures" suppressHydrationWarning>
      {shown === null ? '…' : formatDuration(shown)}
    </time>
  );
}
