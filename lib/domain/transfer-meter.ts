import type { Progress } from './progress';

/** Speed is judged over this much of the recent past: long enough to be calm, short enough to show a stall. */
const WINDOW_MS = 8000;
const MARK_EVERY_MS = 50;

interface Mark {
  readonly atMs: number;
  readonly bytes: number;
}

/**
 * Turns "so many bytes at this time" into speed, average and ETA. Pure: time comes from the caller. The ETA is withheld
 * until two seconds have been seen, because the first readings of any transfer are mostly slow start.
 */
export class TransferMeter {
  readonly #totalBytes: number | null;
  readonly #startBytes: number;
  readonly #startMs: number;
  #marks: Mark[];

  constructor(totalBytes: number | null, startBytes: number, startMs: number) {
    this.#totalBytes = totalBytes;
    this.#startBytes = startBytes;
    this.#startMs = startMs;
    this.#marks = [{ atMs: startMs, bytes: startBytes }];
  }

  update(bytes: number, atMs: number, phase: string, detail: string | null): Progress {
    this.#mark({ atMs, bytes });
    // Keep one mark older than the window, so that the window is always full once enough time has passed.
    while (this.#marks.length > 2 && (this.#marks[1] as Mark).atMs <= atMs - WINDOW_MS) this.#marks.shift();
    const first = this.#marks[0] as Mark;
    const elapsed = atMs - first.atMs;
    const speed = elapsed > 0 ? Math.max(0, ((bytes - first.bytes) * 1000) / elapsed) : null;
    const total = this.#totalBytes;
    const settled = atMs - this.#startMs >= 2000 && speed !== null && speed > 0;
    return {
      phase,
      fraction: total === null ? null : total === 0 ? 1 : Math.min(1, bytes / total),
      done: bytes,
      total,
      unit: 'bytes',
      speedBytesPerSecond: speed,
      averageBytesPerSecond: this.#averageBytesPerSecond(atMs),
      etaMs: total !== null && settled ? ((total - bytes) / speed) * 1000 : null,
      detail,
    };
  }

  /** Bytes moved per second since the transfer (re)started, null in the first instant. */
  #averageBytesPerSecond(atMs: number): number | null {
    const last = this.#marks.at(-1) as Mark;
    const elapsed = atMs - this.#startMs;
    return elapsed <= 0 ? null : ((last.bytes - this.#startBytes) * 1000) / elapsed;
  }

  /** A fast transfer reports thousands of times a second; marks closer than this would only fill memory. */
  #mark(mark: Mark): void {
    const [before, last] = this.#marks.slice(-2);
    const isClose = before !== undefined && last !== undefined && last.atMs - before.atMs < MARK_EVERY_MS;
    if (isClose) this.#marks[this.#marks.length - 1] = mark;
    else this.#marks.push(mark);
  }
}
