import type { LogWindow } from '../../lib/live/events';
import { LogBuffer } from './log-buffer';
import { countLogLines, fetchLogRange, logUrl } from './log-http';
import type { LogSnapshot } from './log-snapshot';
import { type LiveSocket, onEachConnect } from './socket-client';

/** Lines kept in memory and reachable by scrolling without asking again. */
const MAX_LINES = 5000;
const TAIL_BYTES = 192 * 1024;
const STEP_BYTES = 256 * 1024;
/** Reading faster than this cannot be seen, and each flush draws the list. */
const FLUSH_MS = 80;
/** Up to here the lines before a window are counted for its numbers; beyond, they stay unnumbered. */
const MAX_COUNTED_BYTES = 64 * 1024 * 1024;
const COUNT_AFTER_MS = 600;

/**
 * One step's log as a reader sees it: follows the end while `following`, stands still while the reader is elsewhere, and
 * fetches windows by offset. After a reconnect it goes on from the exact byte it has.
 */
export class LogSession {
  readonly #socket: LiveSocket;
  readonly #jobId: string;
  readonly #stepId: string;
  readonly #url: string;
  readonly #onChange: (snapshot: LogSnapshot) => void;
  readonly #buffer = new LogBuffer(MAX_LINES);
  readonly #abort = new AbortController();
  #queue: LogWindow[] = [];
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #countTimer: ReturnType<typeof setTimeout> | undefined;
  #state: LogSnapshot['state'] = 'connecting';
  #length = 0;
  #unseenLines = 0;
  #skippedBytes = 0;
  #isLoading = false;
  #following = true;
  #hasWindow = false;
  #generation = 0;
  #stopWatching: (() => void) | undefined;

  constructor(socket: LiveSocket, jobId: string, stepId: string, onChange: (snapshot: LogSnapshot) => void) {
    this.#socket = socket;
    this.#jobId = jobId;
    this.#stepId = stepId;
    this.#url = logUrl(jobId, stepId);
    this.#onChange = onChange;
  }

  start(): void {
    this.#socket.on('log:appended', this.#take);
    this.#socket.on('disconnect', this.#lose);
    this.#stopWatching = onEachConnect(this.#socket, this.#watch);
  }

  stop(): void {
    this.#abort.abort();
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#countTimer);
    this.#stopWatching?.();
    this.#socket.off('log:appended', this.#take);
    this.#socket.off('disconnect', this.#lose);
    this.#socket.emit('log:unwatch', { stepId: this.#stepId });
  }

  /** Whether the reader is at the end: then lines in front may go to make room. */
  setFollowing(following: boolean): void {
    if (following && !this.#following && this.#isAtEnd()) this.#unseenLines = 0;
    this.#following = following;
  }

  /** Shows the end of the log, reading it again if the window is elsewhere. */
  async jumpToLatest(): Promise<void> {
    this.#following = true;
    this.#unseenLines = 0;
    if (!this.#isAtEnd()) await this.#load(() => Math.max(0, this.#length - TAIL_BYTES), TAIL_BYTES * 4);
    this.#emit();
  }

  /** Moves the window so that it holds a byte and what is around it. */
  async showAround(offset: number): Promise<void> {
    const isInside = offset >= this.#buffer.startOffset && offset < this.#buffer.endOffset;
    this.#following = false;
    if (!isInside) await this.#load(() => Math.max(0, offset - STEP_BYTES / 4), STEP_BYTES);
    this.#emit();
  }

  /** Reads what is before the window. */
  async loadEarlier(): Promise<void> {
    const end = this.#buffer.startOffset;
    const start = Math.max(0, end - STEP_BYTES);
    if (start === end || this.#isLoading) return;
    await this.#whileLoading(async () => {
      const { bytes } = await fetchLogRange(this.#url, start, end - start, this.#abort.signal);
      this.#buffer.prepend(bytes, start);
      this.#skippedBytes = 0;
    });
  }

  /** Reads what is after a window that does not reach the end. */
  async loadLater(): Promise<void> {
    if (this.#isLoading || this.#isAtEnd()) return;
    await this.#whileLoading(async () => {
      const from = this.#buffer.endOffset;
      const { bytes, length } = await fetchLogRange(this.#url, from, STEP_BYTES, this.#abort.signal);
      this.#length = Math.max(this.#length, length);
      this.#buffer.append(bytes, from);
    });
  }

  #isAtEnd(): boolean {
    return this.#buffer.endOffset >= this.#length;
  }

  readonly #watch = (): void => {
    const offset = !this.#hasWindow ? -TAIL_BYTES : this.#isAtEnd() ? this.#buffer.endOffset : -1;
    this.#socket.emit('log:watch', { jobId: this.#jobId, stepId: this.#stepId, offset }, (answer) => {
      if (!answer.ok || this.#abort.signal.aborted) return;
      this.#state = 'ready';
      if (!this.#hasWindow) {
        this.#hasWindow = true;
        this.#buffer.reset(answer.data.offset);
      }
      this.#take(answer.data);
      this.#emit();
    });
  };

  readonly #lose = (): void => {
    this.#state = 'lost';
    this.#emit();
  };

  readonly #take = (window: LogWindow): void => {
    if (window.stepId !== this.#stepId || !this.#hasWindow) return;
    this.#queue.push(window);
    this.#flushTimer ??= setTimeout(this.#flush, FLUSH_MS);
  };

  readonly #flush = (): void => {
    this.#flushTimer = undefined;
    const queue = this.#queue;
    this.#queue = [];
    for (const window of queue) this.#apply(window);
    this.#scheduleCount();
    this.#emit();
  };

  #apply(window: LogWindow): void {
    // socket.io hands a browser ArrayBuffers, whatever the type says about the other end.
    const bytes = new Uint8Array(window.bytes);
    const wasAtEnd = this.#isAtEnd();
    const before = this.#length;
    this.#length = Math.max(this.#length, window.length, window.offset + bytes.length);
    if (!this.#following) {
      if (window.offset + bytes.length > before) this.#unseenLines += countNewlines(bytes);
      if (wasAtEnd && !this.#buffer.isFull) this.#buffer.append(bytes, window.offset);
      return;
    }
    if (this.#buffer.append(bytes, window.offset) === 'gap') this.#skipTo(window.offset, bytes);
  }

  /** A burst went past the window: begin a new one where the output is now. */
  #skipTo(offset: number, bytes: Uint8Array): void {
    this.#skippedBytes += offset - this.#buffer.endOffset;
    this.#generation += 1;
    this.#buffer.reset(offset);
    this.#buffer.append(bytes, offset);
  }

  async #load(startOf: () => number, maxBytes: number): Promise<void> {
    await this.#whileLoading(async () => {
      const start = startOf();
      const { bytes, length } = await fetchLogRange(this.#url, start, maxBytes, this.#abort.signal);
      this.#generation += 1;
      this.#length = Math.max(this.#length, length);
      this.#skippedBytes = 0;
      this.#buffer.reset(start);
      this.#buffer.append(bytes, start);
    });
  }

  async #whileLoading(work: () => Promise<void>): Promise<void> {
    this.#isLoading = true;
    this.#emit();
    try {
      await work();
      this.#scheduleCount();
    } catch (error) {
      if (!this.#abort.signal.aborted) console.warn('a part of the log could not be read', error);
    } finally {
      this.#isLoading = false;
      this.#emit();
    }
  }

  /** Counts the lines before the window once it has been still for a moment. */
  #scheduleCount(): void {
    if (
      this.#countTimer !== undefined ||
      this.#buffer.lineBase !== null ||
      this.#buffer.startOffset > MAX_COUNTED_BYTES
    )
      return;
    this.#countTimer = setTimeout(() => void this.#count(), COUNT_AFTER_MS);
  }

  async #count(): Promise<void> {
    // A window that was replaced meanwhile is counted at the next flush.
    const generation = this.#generation;
    const ordinal = this.#buffer.firstOrdinal;
    try {
      const before = await countLogLines(this.#url, 0, this.#buffer.startOffset, this.#abort.signal);
      if (generation !== this.#generation) return;
      this.#buffer.setLinesBefore(ordinal, before);
      this.#emit();
    } catch (error) {
      if (!this.#abort.signal.aborted) console.warn('lines could not be counted', error);
    } finally {
      this.#countTimer = undefined;
    }
  }

  #emit(): void {
    if (this.#abort.signal.aborted) return;
    this.#onChange({
      state: this.#state,
      lines: [...this.#buffer.lines()],
      lineBase: this.#buffer.lineBase,
      startOffset: this.#buffer.startOffset,
      endOffset: this.#buffer.endOffset,
      length: this.#length,
      isAtEnd: this.#isAtEnd(),
      unseenLines: this.#unseenLines,
      skippedBytes: this.#skippedBytes,
      isLoading: this.#isLoading,
    });
  }
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
