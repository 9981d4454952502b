import type { Progress } from '../domain/progress';
import { PROGRESS_MARK } from './marker-line';
import type { Clock } from './ports';

const LINE_ENDS = /[\r\n]+/;

/**
 * When a step was last heard of: by a line of output, or by progress that is further than before. Our own programs say once a
 * second how far they are, whatever happens, so that a line of theirs is no sign by itself.
 */
export class SignsOfLife {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #lastMs: number;
  #progress: Progress | null = null;
  /** How the line that has not ended yet begins. */
  #lineStart = '';
  readonly #decoder = new TextDecoder();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
    this.#lastMs = clock.monotonicMs();
  }

  get lastMs(): number {
    return this.#lastMs;
  }

  /** The step begins now, however long ago it was looked at. */
  restart(): void {
    this.#lastMs = this.#clock.monotonicMs();
  }

  sawOutput(bytes: Uint8Array): void {
    const lines = (this.#lineStart + this.#decoder.decode(bytes, { stream: true })).split(LINE_ENDS);
    if (lines.some((line) => !isProgressLine(line))) this.restart();
    this.#lineStart = (lines.at(-1) ?? '').slice(0, PROGRESS_MARK.length);
  }

  /** Speed and remaining time change by standing still. */
  sawProgress(progress: Progress): void {
    const before = this.#progress;
    this.#progress = progress;
    const isSame =
      before !== null &&
      before.done === progress.done &&
      before.fraction === progress.fraction &&
      before.phase === progress.phase &&
      before.detail === progress.detail;
    if (!isSame) this.restart();
  }
}

/** Also of its beginning, for the rest may be on its way. */
function isProgressLine(line: string): boolean {
  return line.startsWith(PROGRESS_MARK) || PROGRESS_MARK.startsWith(line);
}
