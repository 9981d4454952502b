import clsx from 'clsx';
import { memo } from 'react';
import type { AnsiStyle } from '../_live/ansi';
import type { LogLine } from '../_live/log-line';

/** All rows are this high: what makes a list of any length cheap. */
export const ROW_HEIGHT = 20;

// Written out, because Tailwind finds class names by reading the source.
const FOREGROUND = [
  'text-ansi-0',
  'text-ansi-1',
  'text-ansi-2',
  'text-ansi-3',
  'text-ansi-4',
  'text-ansi-5',
  'text-ansi-6',
  'text-ansi-7',
];
const BACKGROUND = [
  'bg-ansi-0/20',
  'bg-ansi-1/20',
  'bg-ansi-2/20',
  'bg-ansi-3/20',
  'bg-ansi-4/20',
  'bg-ansi-5/20',
  'bg-ansi-6/20',
  'bg-ansi-7/20',
];

function classesOf(style: AnsiStyle): string {
  return clsx(
    style.foreground === null ? null : FOREGROUND[style.foreground],
    style.background === null ? null : BACKGROUND[style.background],
    style.inverse && 'bg-quiet-soft',
    style.bold && 'font-semibold',
    style.italic && 'italic',
    style.underline && 'underline',
    style.strike && 'line-through',
  );
}

interface LogLineRowProps {
  readonly line: LogLine;
  /** Null while nobody counted the lines before. */
  readonly number: number | null;
  readonly isTarget: boolean;
}

/** One line of a log: its number, which stays in view, and its text. */
export const LogLineRow = memo(function LogLineRow({ line, number, isTarget }: LogLineRowProps) {
  return (
    <div
      className={clsx(
        'flex w-max min-w-full whitespace-pre',
        isTarget && 'bg-mark',
        line.isMachine && 'text-ink-faint',
      )}
      style={{ height: ROW_HEIGHT }}
      data-offset={line.offset}
    >
      <span
        aria-hidden
        className="figures sticky left-0 w-14 shrink-0 select-none bg-log pr-3 text-right text-log-line"
      >
        {number ?? '·'}
      </span>
      <span dir="ltr" className="pr-4">
        {line.spans.map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: spans of a finished line never move
          <span key={index} className={classesOf(span.style)}>
            {span.text}
          </span>
        ))}
      </span>
    </div>
  );
});
