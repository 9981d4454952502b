import type { LogWindow } from '../../lib/live/events';
import { isPageHidden } from '../_ui/page-visibility';
import { countNewlines } from './count-newlines';
import { DrawSchedule } from './draw-schedule';
import { LineNumbers } from './line-numbers';
import { LogBuffer } from './log-buffer';
import { fetchLogRange, logUrl } from './log-http';
import type { LogSnapshot } from './log-snapshot';
import { type LiveSocket, onEachConnect } from './socket-client';

/** Lines kept in memory and reachable by scrolling without asking again. */
const MAX_LINES = 5000;
const TAIL_BYTES = 192 * 1024;
const STEP_BYTES = 256 * 1024;
/** A hidden tab keeps so much unread before it is made into lines, which nobody sees. */
const MAX_UNREAD_BYTES = 512 * 1024;

/**
 * One step's log as a reader sees it: follows the end while `following`, stands still while the reader is elsewhere, and
 * fetches windows by offset. After a reconnect it goes on from the exact byte it has.
 */
export class LogSession {
  readonly #socket: LiveSocket;
  readonly #target: { readonly jobId: string; readonly stepId: string };
  readonly #url: string;
  readonly #onChange: (snapshot: LogSnapshot) => void;
  readonly #buffer = new LogBuffer(MAX_LINES);
  readonly #abort = new AbortController();
  readonly #drawing: DrawSchedule;
  readonly #numbers: LineNumbers;
  #unread: LogWindow[] = [];
  #unreadBytes = 0;
  #state: LogSnapshot['state'] = 'connecting';
  #length = 0;
  #unseenLines = 0;
  #skippedBytes = 0;
  #isLoading = false;
  #following = true;
  #hasWindow = false;
  #stopWatching: (() => void) | undefined;

  /** @param drawNow makes what `onChange` asks for happen before it returns. */
  constructor(
    socket: LiveSocket,
    target: { readonly jobId: string; readonly stepId: string },
    onChange: (snapshot: LogSnapshot) => void,
    drawNow: (draw: () => void) => void = (draw) => draw(),
  ) {
    this.#socket = socket;
    this.#target = target;
    this.#url = logUrl(target.jobId, target.stepId);
    this.#numbers = new LineNumbers(this.#url, this.#buffer, this.#abort.signal, () => this.#emit());
    this.#onChange = onChange;
    this.#drawing = new DrawSchedule(() => drawNow(() => this.#show()));
  }

  start(): void {
    this.#socket.on('log:appended', this.#take);
    this.#socket.on('disconnect', this.#lose);
    this.#stopWatching = onEachConnect(this.#socket, this.#watch);
  }

  stop(): void {
    this.#abort.abort();
    this.#drawing.stop();
    this.#stopWatching?.();
    this.#socket.off('log:appended', this.#take);
    this.#socket.off('disconnect', this.#lose);
    this.#socket.emit('log:unwatch', { stepId: this.#target.stepId });
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
    this.#socket.emit('log:watch', { ...this.#target, offset }, (answer) => {
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
    if (window.stepId !== this.#target.stepId || !this.#hasWindow) return;
    this.#unread.push(window);
    this.#unreadBytes += window.bytes.byteLength;
    if (this.#unreadBytes > MAX_UNREAD_BYTES) this.#read();
    this.#drawing.request();
  };

  #read(): void {
    const unread = this.#unread;
    this.#unread = [];
    this.#unreadBytes = 0;
    for (const window of unread) this.#apply(window);
  }

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
    this.#numbers.forget();
    this.#buffer.reset(offset);
    this.#buffer.append(bytes, offset);
  }

  async #load(startOf: () => number, maxBytes: number): Promise<void> {
    await this.#whileLoading(async () => {
      const start = startOf();
      const { bytes, length } = await fetchLogRange(this.#url, start, maxBytes, this.#abort.signal);
      this.#numbers.forget();
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
      this.#numbers.request();
    } catch (error) {
      if (!this.#abort.signal.aborted) console.warn('a part of the log could not be read', error);
    } finally {
      this.#isLoading = false;
      this.#emit();
    }
  }

  #emit(): void {
    if (isPageHidden()) this.#drawing.request();
    else this.#show();
  }

  #show(): void {
    if (this.#abort.signal.aborted) return;
    this.#read();
    this.#numbers.request();
    this.#onChange({
      state: this.#state,
      lines: this.#buffer.lines(),
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
