import type { LogBuffer } from './log-buffer';
import { countLogLines } from './log-http';

/** Up to here the lines before a window are counted for its numbers; beyond, they stay unnumbered. */
const MAX_COUNTED_BYTES = 64 * 1024 * 1024;
const COUNT_AFTER_MS = 600;

/** Numbers the lines of a window that begins in the middle of a log, once it has been still for a moment. */
export class LineNumbers {
  readonly #url: string;
  readonly #buffer: LogBuffer;
  readonly #signal: AbortSignal;
  readonly #onCounted: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;

  constructor(url: string, buffer: LogBuffer, signal: AbortSignal, onCounted: () => void) {
    this.#url = url;
    this.#buffer = buffer;
    this.#signal = signal;
    this.#onCounted = onCounted;
    signal.addEventListener('abort', () => clearTimeout(this.#timer));
  }

  /** The window was replaced by another one: a count under way is not about it. */
  forget(): void {
    this.#generation += 1;
  }

  /** Counts soon, if that is wanted and not under way. */
  request(): void {
    const { lineBase, startOffset } = this.#buffer;
    if (this.#timer !== undefined || lineBase !== null || startOffset > MAX_COUNTED_BYTES) return;
    this.#timer = setTimeout(() => void this.#count(), COUNT_AFTER_MS);
  }

  async #count(): Promise<void> {
    // A window that was replaced meanwhile is counted at the next request.
    const generation = this.#generation;
    const ordinal = this.#buffer.firstOrdinal;
    try {
      const before = await countLogLines(this.#url, 0, this.#buffer.startOffset, this.#signal);
      if (generation !== this.#generation) return;
      this.#buffer.setLinesBefore(ordinal, before);
      this.#onCounted();
    } catch (error) {
      if (!this.#signal.aborted) console.warn('lines could not be counted', error);
    } finally {
      this.#timer = undefined;
    }
  }
}
