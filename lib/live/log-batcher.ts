import type { LogWindow } from './events';
import { LogTail } from './log-tail';

/** How far behind a socket is: `slow` still gets lengths, `blocked` gets nothing until it has read what it was sent. */
export type SocketLoad = 'free' | 'slow' | 'blocked';

export interface LogWatcher {
  load(): SocketLoad;
  send(window: Omit<LogWindow, 'stepId'>): void;
}

export interface LogSubscription {
  /** Begins to send, from the offset that the watcher has been given by other means. */
  start(fromOffset: number): void;
  stop(): void;
}

export interface LogBatcher {
  /** New bytes of a step's log. Costs nothing while nobody watches the step. */
  append(stepId: string, offset: number, bytes: Uint8Array, length: number): void;
  watch(stepId: string, watcher: LogWatcher): LogSubscription;
  close(): void;
}

/** Measured: an event a line manages 44,000 lines/s at 2 s latency; one batch each 50 ms all of them at 70 ms. */
const SLOWEST_FLUSH_MS = 50;
/** A frame of a screen: what is sent sooner is not seen sooner. */
const QUICKEST_FLUSH_MS = 16;
/** After a flush of so many bytes the next one takes its full time; a quiet log is quick, a flood is cheap. */
const LARGE_FLUSH_BYTES = 16 * 1024;
/** Each watcher of a step adds so much, since each costs a message a flush: 1,000 messages a second for a step at most. */
const FLUSH_MS_PER_WATCHER = 1;
/** What one watcher gets per flush at most: 1.3 MB/s, more than anybody reads. The rest is fetched when looked at. */
const WINDOW_BYTES = 64 * 1024;
/** How often a watcher that is behind is told the length, and how soon it is tried again. */
const BEHIND_MS = 500;
const RETRY_MS = 100;
const NOTHING = new Uint8Array(0);

interface Watching {
  readonly watcher: LogWatcher;
  /** Null until the watcher has its first window. */
  sentOffset: number | null;
  toldLength: number;
  toldAtMs: number;
}

interface StepFeed {
  readonly tail: LogTail;
  readonly watchings: Set<Watching>;
  timer: NodeJS.Timeout | null;
  /** When the next flush may be. */
  dueAtMs: number;
}

/**
 * Fans out logs without ever holding more than one window a step: all watchers share the newest 64 KiB, and one that
 * falls behind skips to them (a higher offset and the new length say so).
 */
export function createLogBatcher(now: () => number = () => performance.now()): LogBatcher {
  const feeds = new Map<string, StepFeed>();

  function schedule(feed: StepFeed, delayMs: number): void {
    feed.timer ??= setTimeout(() => {
      feed.timer = null;
      feed.dueAtMs = now() + pauseAfter(feed);
      const isBehind = [...feed.watchings].filter((watching) => !flushTo(feed.tail, watching, now())).length > 0;
      if (isBehind) schedule(feed, RETRY_MS);
    }, delayMs);
  }

  function stop(stepId: string, feed: StepFeed, watching: Watching): void {
    feed.watchings.delete(watching);
    if (feed.watchings.size > 0) return;
    if (feed.timer) clearTimeout(feed.timer);
    if (feeds.get(stepId) === feed) feeds.delete(stepId);
  }

  return {
    append(stepId, offset, bytes, length) {
      const feed = feeds.get(stepId);
      if (!feed) return;
      feed.tail.append(offset, bytes, length);
      schedule(feed, Math.max(0, feed.dueAtMs - now()));
    },
    watch(stepId, watcher) {
      const feed = feeds.get(stepId) ?? emptyFeed();
      feeds.set(stepId, feed);
      const watching: Watching = { watcher, sentOffset: null, toldLength: 0, toldAtMs: Number.NEGATIVE_INFINITY };
      feed.watchings.add(watching);
      return {
        start(fromOffset) {
          watching.sentOffset = fromOffset;
          watching.toldLength = fromOffset;
          if (feed.watchings.has(watching) && feed.tail.endOffset > fromOffset) schedule(feed, 0);
        },
        stop: () => stop(stepId, feed, watching),
      };
    },
    close() {
      for (const { timer } of feeds.values()) if (timer) clearTimeout(timer);
      feeds.clear();
    },
  };
}

function emptyFeed(): StepFeed {
  return {
    tail: new LogTail(WINDOW_BYTES),
    watchings: new Set(),
    timer: null,
    dueAtMs: Number.NEGATIVE_INFINITY,
  };
}

/** How long after a flush of what is due now the next one may be, ms: the more there is to send, the longer. */
function pauseAfter({ tail, watchings }: StepFeed): number {
  const offsets = [...watchings].map(({ sentOffset }) => sentOffset ?? tail.endOffset);
  const dueBytes = tail.endOffset - Math.min(tail.endOffset, ...offsets);
  const share = Math.min(1, dueBytes / LARGE_FLUSH_BYTES);
  const pauseMs = QUICKEST_FLUSH_MS + share * (SLOWEST_FLUSH_MS - QUICKEST_FLUSH_MS);
  return Math.min(SLOWEST_FLUSH_MS, Math.max(pauseMs, watchings.size * FLUSH_MS_PER_WATCHER));
}

/** Sends what is due; false when the watcher is behind and has to be tried again. */
function flushTo(tail: LogTail, watching: Watching, nowMs: number): boolean {
  const { watcher, sentOffset } = watching;
  if (sentOffset === null || tail.endOffset <= sentOffset) return true;
  const load = watcher.load();
  if (load === 'free') {
    const offset = Math.max(sentOffset, tail.startOffset);
    watcher.send({ offset, bytes: tail.from(offset), length: tail.length });
    watching.sentOffset = tail.endOffset;
    watching.toldLength = tail.length;
    return true;
  }
  if (load === 'slow' && tail.length > watching.toldLength && nowMs - watching.toldAtMs >= BEHIND_MS) {
    // Nothing is skipped yet, so the offset stays: only the length moves on.
    watcher.send({ offset: sentOffset, bytes: NOTHING, length: tail.length });
    watching.toldLength = tail.length;
    watching.toldAtMs = nowMs;
  }
  return false;
}
