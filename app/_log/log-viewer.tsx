'use client';
import { useMemo, useRef, useState } from 'react';
import { formatBytes } from '../../lib/domain/bytes';
import { logUrl } from '../_live/log-http';
import type { LogLine } from '../_live/log-line';
import type { LogSnapshot } from '../_live/log-snapshot';
import { useLog } from '../_live/use-log';
import { useKeys } from '../_ui/use-keys';
import { useRememberedFlag } from '../_ui/use-remembered-flag';
import { lineAddress } from './line-link';
import { LogLines } from './log-lines';
import { LogMatches } from './log-matches';
import { LogToolbar } from './log-toolbar';
import { useLineLink } from './use-line-link';
import { useLogScroll } from './use-log-scroll';
import { useLogSearch } from './use-log-search';

interface LogViewerProps {
  readonly jobId: string;
  readonly stepId: string;
  readonly stepKey: string;
  readonly stepTitle: string;
  readonly isRunning: boolean;
  /** A line of this step was put into the page's address: the reader has chosen this step. */
  readonly onLinked: () => void;
}

/** Long lines are unreadable on a phone unless they are wrapped. */
const wrapsByDefault = () => window.matchMedia('(max-width: 640px)').matches;

/** The log of one step. */
export function LogViewer({ jobId, stepId, stepKey, stepTitle, isRunning, onLinked }: LogViewerProps) {
  const log = useLog(jobId, stepId);
  const { snapshot } = log;
  const [showsMachine, setShowsMachine] = useState(false);
  const [isWrapped, setIsWrapped] = useRememberedFlag('quantdeck_log_wrap', wrapsByDefault);
  const lines = useMemo(
    () => (showsMachine ? snapshot.lines : snapshot.lines.filter((line) => !line.isMachine)),
    [snapshot.lines, showsMachine],
  );
  const scroll = useLogScroll(lines, log, isWrapped);
  const url = logUrl(jobId, stepId);
  const search = useLogSearch(url);
  const searchInput = useRef<HTMLInputElement>(null);
  const openLine = (offset: number) => {
    scroll.jumpTo(offset);
    // Whoever opens a link to a line wants to see it, and not what stands above the log.
    scroll.box.current?.scrollIntoView({ block: 'center' });
  };
  const link = useLineLink(stepKey, snapshot.state === 'ready', openLine);

  const nameOf = (line: LogLine) =>
    snapshot.lineBase === null ? 'this line' : `line ${(line.ordinal + snapshot.lineBase).toLocaleString('en')}`;
  const linkTo = (line: LogLine | undefined) => {
    if (!line) return;
    scroll.jumpTo(line.offset);
    onLinked();
    void link.copy(line.offset, nameOf(line));
  };
  const jumpToFirstError = async () => {
    const match = await search.firstError();
    if (match) scroll.jumpTo(match.lineOffset);
  };
  useKeys({
    f: scroll.jumpToLatest,
    e: () => void jumpToFirstError(),
    w: () => setIsWrapped(!isWrapped),
    l: () => linkTo(scroll.lineInView()),
    '/': () => searchInput.current?.focus(),
  });
  return (
    <div className="overflow-hidden rounded-lg border">
      <LogToolbar
        url={url}
        search={search}
        searchInput={searchInput}
        showsMachine={showsMachine}
        onShowMachine={setShowsMachine}
        isWrapped={isWrapped}
        onWrap={setIsWrapped}
        onFirstError={() => void jumpToFirstError()}
      />
      <LogMatches search={search} onJump={scroll.jumpTo} />
      <EarlierNotice snapshot={snapshot} onLoad={scroll.readEarlier} />
      <LogLines
        label={`Log of ${stepTitle}`}
        lines={lines}
        snapshot={snapshot}
        scroll={scroll}
        isWrapped={isWrapped}
        addressOf={(offset) => lineAddress('', stepKey, offset)}
        onLink={linkTo}
        empty={emptyWords(snapshot, isRunning)}
      />
      <LogFooter snapshot={snapshot} isFollowing={scroll.isFollowing} isRunning={isRunning} said={link.said} />
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

interface LogFooterProps {
  readonly snapshot: LogSnapshot;
  readonly isFollowing: boolean;
  readonly isRunning: boolean;
  readonly said: string;
}

function LogFooter({ snapshot, isFollowing, isRunning, said }: LogFooterProps) {
  const mode =
    snapshot.state === 'lost' ? 'lost connection' : !isRunning ? 'complete' : isFollowing ? 'following' : 'paused';
  return (
    <div className="flex flex-wrap justify-between gap-x-4 border-t px-3 py-1.5 text-[0.6875rem] text-ink-muted">
      <span className="figures">{formatBytes(snapshot.length)}</span>
      <span role="status" className="text-ok">
        {said}
      </span>
      <span className="figures">{mode}</span>
    </div>
  );
}
