import clsx from 'clsx';
import type { ReactNode } from 'react';

export type Tone = 'quiet' | 'accent' | 'ok' | 'warn' | 'bad';

const TONES: Readonly<Record<Tone, string>> = {
  quiet: 'bg-quiet-soft text-ink-muted',
  accent: 'bg-accent-soft text-accent-strong',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};

/** A word with a meaning. Tone repeats what the word says; it never says it alone. */
export function Badge({
  tone = 'quiet',
  className,
  children,
}: {
  readonly tone?: Tone;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <span
      className={clsx(
        'inline-flex h-6 w-fit shrink-0 items-center gap-1.5 whitespace-nowrap rounded-full px-2.5 font-medium text-xs',
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}

/** The text colour of a tone, for words without a pill. */
export const TONE_TEXT: Readonly<Record<Tone, string>> = {
  quiet: 'text-ink-muted',
  accent: 'text-accent',
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
};
