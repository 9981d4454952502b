'use client';
import ArrowDownToLine from 'lucide-react/icons/arrow-down-to-line';
import { useMemo, useState } from 'react';
import { formatBytes } from '../../lib/domain/bytes';
import { logUrl } from '../_live/log-http';
import type { LogSnapshot } from '../_live/log-snapshot';
import { useLog } from '../_live/use-log';
import { buttonClasses } from '../_ui/button';
import { useKeys } from '../_ui/use-keys';
import { LogLineRow, ROW_HEIGHT } from './log-line-row';
import { LogMatches } from './log-matches';
import { LogToolbar } from './log-toolbar';
import { useLogScroll } from './use-log-scroll';
import { useLogSearch } from './use-log-search';

interface LogViewerProps {
  readonly jobId: string;
  readonly stepId: string;
  readonly stepTitle: string;
  readonly isRunning: boolean;
}

/** The log of one step. */
export function LogViewer({ jobId, stepId, stepTitle, isRunning }: LogViewerProps) {
  const log = useLog(jobId, stepId);
  const { snapshot } = log;
  const [showsMachine, setShowsMachine] = useState(false);
  const lines = useMemo(
    () => (showsMachine ? snapshot.lines : snapshot.lines.filter((line) => !line.isMachine)),
    [snapshot.lines, showsMachine],
  );
  const scroll = useLogScroll(lines, log);
  const url = logUrl(jobId, stepId);
  const search = useLogSearch(url);
  useKeys({ f: scroll.jumpToLatest });
  return (
    <div className="overflow-hidden rounded-lg border">
      <LogToolbar
        url={url}
        search={search}
        showsMachine={showsMachine}
        onShowMachine={setShowsMachine}
        onJump={scroll.jumpTo}
      />
      <LogMatches search={search} onJump={scroll.jumpTo} />
      <EarlierNotice snapshot={snapshot} onLoad={() => void log.loadEarlier()} />
      <div className="relative">
        <div
          ref={scroll.box}
          onScroll={scroll.onScroll}
          role="log"
          aria-live="off"
          aria-label={`Log of ${stepTitle}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-[45vh] min-h-32 overflow-auto overscroll-contain bg-log font-mono text-xs leading-5 [overflow-anchor:none] lg:h-[min(30rem,60vh)] lg:max-h-none"
        >
          <div
            className="w-max min-w-full"
            style={{ height: lines.length * ROW_HEIGHT, paddingTop: scroll.from * ROW_HEIGHT }}
          >
            {lines.slice(scroll.from, scroll.to).map((line) => (
              <LogLineRow
                key={line.ordinal}
                line={line}
                number={snapshot.lineBase === null ? null : line.ordinal + snapshot.lineBase}
                isTarget={line.offset === scroll.target}
              />
            ))}
          </div>
          {lines.length === 0 ? (
            <p className="absolute inset-x-4 top-3 text-ink-muted">{emptyWords(snapshot, isRunning)}</p>
          ) : null}
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
      <LogFooter snapshot={snapshot} isFollowing={scroll.isFollowing} isRunning={isRunning} />
    </div>
  );
}

/** Different silences have different words. */
function emptyWords(snapshot: LogSnapshot, isRunning: boolean): string {
  if (snapshot.state === 'connecting') return 'Opening the log…';
  if (snapshot.state === 'lost') return 'The connection was lost. The log comes back with it.';
  if (snapshot.length > 0) return 'Only lines for the dashboard so far (see "Machine lines").';
  return isRunning ? 'No output yet.' : 'This step wrote no output.';
}

function EarlierNotice({ snapshot, onLoad }: { readonly snapshot: LogSnapshot; readonly onLoad: () => void }) {
  if (snapshot.startOffset === 0) return null;
  const skipped = snapshot.skippedBytes > 0;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-b bg-sunken/60 px-3 py-1 text-ink-muted text-xs">
      <span>
        {skipped
          ? `… ${formatBytes(snapshot.skippedBytes)} skipped in a burst, scroll up to load`
          : `${formatBytes(snapshot.startOffset)} before this, scroll up to load`}
      </span>
      <button
        type="button"
        onClick={onLoad}
        disabled={snapshot.isLoading}
        className="rounded px-1.5 py-0.5 font-medium text-accent hover:underline"
      >
        {snapshot.isLoading ? 'Loading…' : 'Load earlier'}
      </button>
    </div>
  );
}

function LogFooter({
  snapshot,
  isFollowing,
  isRunning,
}: {
  readonly snapshot: LogSnapshot;
  readonly isFollowing: boolean;
  readonly isRunning: boolean;
}) {
  const mode =
    snapshot.state === 'lost' ? 'lost connection' : !isRunning ? 'complete' : isFollowing ? 'following' : 'paused';
  return (
    <p className="figures flex flex-wrap justify-between gap-x-4 border-t px-3 py-1.5 text-[0.6875rem] text-ink-muted">
      <span>{formatBytes(snapshot.length)}</span>
      <span>{mode}</span>
    </p>
  );
}
