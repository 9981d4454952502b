'use client';
import ArrowDownToLine from 'lucide-react/icons/arrow-down-to-line';
import type { MouseEvent, ReactNode } from 'react';
import type { LogLine } from '../_live/log-line';
import type { LogSnapshot } from '../_live/log-snapshot';
import { buttonClasses } from '../_ui/button';
import { LogLineRow } from './log-line-row';
import { lineIndexAt } from './row-layout';
import type { LogScroll } from './use-log-scroll';
import { PROBE_LETTERS } from './use-row-layout';

const PROBE = '0'.repeat(PROBE_LETTERS);

interface LogLinesProps {
  readonly label: string;
  readonly lines: readonly LogLine[];
  readonly snapshot: LogSnapshot;
  readonly scroll: LogScroll;
  readonly isWrapped: boolean;
  readonly addressOf: (offset: number) => string;
  /** The number of a line was clicked. */
  readonly onLink: (line: LogLine) => void;
  /** What stands there while there are no lines. */
  readonly empty: ReactNode;
}

/** The box that scrolls, with no more lines in it than are in view and a little beyond. */
export function LogLines({ label, lines, snapshot, scroll, isWrapped, addressOf, onLink, empty }: LogLinesProps) {
  const { from, to, layout, target, numberWidth } = scroll;
  const { lineBase } = snapshot;
  // One listener for all rows: a row that was given a new function each time would be drawn each time.
  const onClick = (event: MouseEvent) => {
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const row = event.target instanceof Element && event.target.closest('a')?.closest<HTMLElement>('[data-offset]');
    const line = row ? lines[lineIndexAt(lines, Number(row.dataset['offset']))] : undefined;
    if (!line || !isPlain) return;
    event.preventDefault();
    onLink(line);
  };
  return (
    <div className="relative">
      <span ref={scroll.probe} aria-hidden className="invisible absolute font-mono text-xs">
        {PROBE}
      </span>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: what is clicked are links, and the key l does it for the keyboard */}
      <div
        ref={scroll.box}
        onScroll={scroll.onScroll}
        onClick={onClick}
        role="log"
        aria-live="off"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-[45vh] min-h-32 overflow-auto overscroll-contain bg-log font-mono text-xs leading-5 [contain:content] [overflow-anchor:none] [tab-size:8] lg:h-[min(30rem,60vh)] lg:max-h-none"
      >
        <div
          className={isWrapped ? 'w-full' : 'w-max min-w-full'}
          style={{ height: layout.heightPx, paddingTop: layout.topOf(from) }}
        >
          {lines.slice(from, to).map((line) => (
            <LogLineRow
              key={line.ordinal}
              line={line}
              number={lineBase === null ? null : line.ordinal + lineBase}
              isTarget={line.offset === target}
              isWrapped={isWrapped}
              numberWidth={numberWidth}
              href={addressOf(line.offset)}
            />
          ))}
        </div>
        {lines.length === 0 ? <p className="absolute inset-x-4 top-3 text-ink-muted">{empty}</p> : null}
      </div>
      {scroll.isFollowing ? null : (
        <button
          type="button"
          onClick={scroll.jumpToLatest}
          className={buttonClasses('primary', 'small', 'absolute right-5 bottom-4 shadow-float')}
        >
          <ArrowDownToLine size={13} aria-hidden />
          Jump to latest
          {snapshot.unseenLines > 0 ? ` · ${snapshot.unseenLines.toLocaleString('en')} new lines` : null}
        </button>
      )}
    </div>
  );
}
