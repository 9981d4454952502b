'use client';
import { useNow } from './use-now';

const STEPS: readonly (readonly [number, string])[] = [
  [60, 's'],
  [60, 'min'],
  [24, 'h'],
  [Number.POSITIVE_INFINITY, 'd'],
];

/** `just now`, `14 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function relativeWords(ageMs: number): string {
  let value = Math.max(0, ageMs) / 1000;
  if (value < 5) return 'just now';
  for (const [limit, unit] of STEPS) {
    if (value < limit) return `${Math.floor(value)} ${unit} ago`;
    value /= limit;
  }
  return '';
}

/** When something was, in words; the exact local time on hover and for machines. */
export function RelativeTime({ at }: { readonly at: string }) {
  const now = useNow();
  const date = new Date(at);
  return (
    <time
      dateTime={at}
      title={now === null ? at : date.toLocaleString()}
      className="whitespace-nowrap"
      suppressHydrationWarning
    >
      {now === null ? at.slice(0, 16).replace('T', ' ') : relativeWords(now - date.getTime())}
    </time>
  );
}
