import { isPageHidden, onPageShown } from '../_ui/page-visibility';

/** Thirty pictures a second look continuous; sixty cost twice as much of a laptop's battery. */
const LEAST_REST_MS = 32;
/** After a drawing the page rests twice as long: on a slow machine it stays usable, and pictures are fewer. */
const REST_FACTOR = 2;
const LONGEST_REST_MS = 100;

/**
 * Draws soon after it is asked to: at once when the last drawing is long enough ago, never in a hidden tab, and at once
 * when a tab is looked at again for which it was asked meanwhile.
 */
export class DrawSchedule {
  readonly #draw: () => void;
  readonly #stopListening: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWanted = false;
  #readyAtMs = Number.NEGATIVE_INFINITY;
  #lastCostMs = 0;

  /** @param draw does all of its work before it returns, so that its cost can be seen. */
  constructor(draw: () => void) {
    this.#draw = draw;
    this.#stopListening = onPageShown(this.#run);
  }

  request(): void {
    this.#isWanted = true;
    if (!isPageHidden()) this.#timer ??= setTimeout(this.#run, Math.max(0, this.#readyAtMs - performance.now()));
  }

  stop(): void {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    this.#stopListening();
  }

  readonly #run = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isWanted || isPageHidden()) return;
    this.#isWanted = false;
    const startedMs = performance.now();
    this.#draw();
    const endedMs = performance.now();
    const costMs = endedMs - startedMs;
    // One slow drawing says that something else was busy just then; two say that drawing is slow here.
    const restMs = REST_FACTOR * Math.min(costMs, this.#lastCostMs);
    this.#lastCostMs = costMs;
    this.#readyAtMs = endedMs + Math.min(LONGEST_REST_MS, Math.max(LEAST_REST_MS, restMs));
  };
}
