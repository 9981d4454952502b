import clsx from 'clsx';
import { memo } from 'react';
import type { AnsiStyle } from '../_live/ansi';
import type { LogLine } from '../_live/log-line';

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

const LEVEL_BAR = { error: 'border-bad', warning: 'border-warn' } as const;

interface LogLineRowProps {
  readonly line: LogLine;
  /** Null while nobody counted the lines before. */
  readonly number: number | null;
  readonly isTarget: boolean;
  readonly isWrapped: boolean;
  /** A width of CSS: what the longest number takes. */
  readonly numberWidth: string;
  /** The address of this line. */
  readonly href: string;
}

/** One line of a log: its number, which stays in view and is a link to it, and its text. */
export const LogLineRow = memo(function LogLineRow(props: LogLineRowProps) {
  const { line, number, isTarget, isWrapped, numberWidth, href } = props;
  return (
    <div
      className={clsx(
        'flex min-h-5',
        isWrapped ? '[line-break:anywhere] whitespace-break-spaces' : 'h-5 w-max min-w-full whitespace-pre',
        isTarget && 'bg-mark',
        line.isMachine && 'text-ink-faint',
      )}
      data-offset={line.offset}
    >
      <a
        href={href}
        // A stop at each of thousands of lines would make the page unusable by keyboard; the key l does the same.
        tabIndex={-1}
        title="Copy a link to this line"
        className={clsx(
          'figures sticky left-0 shrink-0 select-none border-l-[3px] pr-2.5 text-right hover:underline',
          isTarget ? 'bg-mark font-semibold text-ink' : 'bg-log text-log-line',
          line.level === null ? 'border-transparent' : LEVEL_BAR[line.level],
        )}
        style={{ width: numberWidth }}
      >
        {number ?? '·'}
      </a>
      <span dir="ltr" className={clsx('pr-4', isWrapped && 'min-w-0 flex-1')}>
        {line.spans.map((span, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: spans of a finished line never move
          <span key={position} className={classesOf(span.style)}>
            {span.text}
          </span>
        ))}
      </span>
    </div>
  );
});
