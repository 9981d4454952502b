/** Older measurements say little about the rest of the work, e.g. the part that still came from the page cache. */
const WINDOW_MS = 30_000;
/** Before this much time and this many measurements an estimate jumps about and helps nobody. */
const MIN_EVIDENCE_MS = 3_000;
const MIN_MEASUREMENTS = 3;
const MAX_MEASUREMENTS = 256;

interface Measurement {
  readonly atMs: number;
  readonly done: number;
}

/** Measures how fast `done` grows, in whatever unit it is counted, over the last half minute. */
export class SteadyRate {
  private measurements: Measurement[] = [];

  /** A new reading. Readings that go back in time or in amount start over: it is another attempt or another phase. */
  add(atMs: number, done: number): void {
    const last = this.measurements.at(-1);
    if (last !== undefined && (atMs < last.atMs || done < last.done)) this.measurements = [];
    this.measurements.push({ atMs, done });
    const oldest = atMs - WINDOW_MS;
    while (this.measurements.length > MAX_MEASUREMENTS || (this.measurements[1]?.atMs ?? Infinity) < oldest) {
      this.measurements.shift();
    }
  }

  /** Units a second, null until there is enough evidence. */
  perSecond(): number | null {
    const first = this.measurements[0];
    const last = this.measurements.at(-1);
    if (first === undefined || last === undefined || this.measurements.length < MIN_MEASUREMENTS) return null;
    const elapsedMs = last.atMs - first.atMs;
    if (elapsedMs < MIN_EVIDENCE_MS || last.done <= first.done) return null;
    return ((last.done - first.done) * 1000) / elapsedMs;
  }

  /** Milliseconds until `total` at the measured rate, null until there is enough evidence. */
  etaMs(total: number): number | null {
    const rate = this.perSecond();
    const done = this.measurements.at(-1)?.done;
    return rate === null || done === undefined ? null : Math.round((Math.max(0, total - done) * 1000) / rate);
  }
}
