/** After a change this long nothing is measured: connecting and TCP's slow start take their time. */
const SETTLE_MS = 1000;
const SETTLE_ROUND_TRIPS = 8;
const MEASURE_MS = 1500;
/** Two connections more must bring at least this much, else they only cost. */
const GAIN = 1.1;
const STEP = 2;

export interface LaneGrowthOptions {
  readonly lanes: number;
  readonly mostLanes: number;
  readonly totalBytes: number;
  /** Round trip to the host, milliseconds. */
  readonly roundTripMs: number;
  readonly nowMs: number;
}

/**
 * Finds out how many connections a long transfer is worth: measures its speed, tries two more, keeps them if they gain,
 * and so on. Which number is best cannot be known before: where TCP is free four fill the line, where each connection is
 * held to a small window it takes eight. Told how many bytes have arrived, now and then.
 */
export class LaneGrowth {
  readonly #options: LaneGrowthOptions;
  readonly #settleMs: number;
  #lanes: number;
  #isOver = false;
  #best: number | null = null;
  #changedAtMs: number;
  #mark: { readonly atMs: number; readonly bytes: number } | null = null;
  /** Bytes per millisecond before the lanes that are on trial; null while none are. */
  #rateBefore: number | null = null;

  constructor(options: LaneGrowthOptions) {
    this.#options = options;
    this.#settleMs = SETTLE_MS + SETTLE_ROUND_TRIPS * options.roundTripMs;
    this.#lanes = options.lanes;
    this.#changedAtMs = options.nowMs;
  }

  /** The number that was found best; null as long as more could be better. */
  get best(): number | null {
    return this.#best;
  }

  /** How many connections there should be from now on. */
  observe(bytes: number, nowMs: number): number {
    if (this.#isOver) return this.#lanes;
    if (nowMs - this.#changedAtMs < this.#settleMs || this.#mark === null) {
      this.#mark = { atMs: nowMs, bytes };
      return this.#lanes;
    }
    const measuredMs = nowMs - this.#mark.atMs;
    if (measuredMs >= MEASURE_MS) this.#decide((bytes - this.#mark.bytes) / measuredMs, bytes, nowMs);
    return this.#lanes;
  }

  #decide(rate: number, bytes: number, nowMs: number): void {
    const isWorse = this.#rateBefore !== null && rate <= this.#rateBefore * GAIN;
    if (isWorse) this.#lanes -= STEP;
    // A trial that the transfer does not outlast would tell nothing.
    const leftMs = (this.#options.totalBytes - bytes) / Math.max(rate, 1);
    const isTooLate = leftMs < this.#settleMs + MEASURE_MS;
    const isFound = isWorse || this.#lanes + STEP > this.#options.mostLanes;
    if (isFound || isTooLate) {
      this.#isOver = true;
      if (isFound) this.#best = this.#lanes;
      return;
    }
    this.#rateBefore = rate;
    this.#lanes += STEP;
    this.#changedAtMs = nowMs;
    this.#mark = null;
  }
}
