import { setTimeout as sleep } from 'node:timers/promises';

/** Time of the fake: stands still until it is moved, or runs as many times faster than ours as it is told to. */
export class FakeClock {
  readonly #listeners: (() => Promise<void>)[] = [];
  #baseMs: number;
  #sinceMs = performance.now();
  #speed: number;

  constructor(startMs: number, speed: number) {
    this.#baseMs = startMs;
    this.#speed = speed;
  }

  /** Called after every move, and waited for. */
  onMove(listener: () => Promise<void>): void {
    this.#listeners.push(listener);
  }

  get speed(): number {
    return this.#speed;
  }

  nowMs(): number {
    return Math.floor(this.#baseMs + (performance.now() - this.#sinceMs) * this.#speed);
  }

  setSpeed(speed: number): void {
    this.#baseMs = this.nowMs();
    this.#sinceMs = performance.now();
    this.#speed = speed;
  }

  async advance(durationMs: number): Promise<void> {
    this.#baseMs += durationMs;
    for (const listener of this.#listeners) await listener();
  }

  /** The same time for a client: where it stands still, waiting moves it, so that nothing really waits. */
  readonly client = {
    nowMs: () => this.nowMs(),
    sleep: async (durationMs: number, signal?: AbortSignal): Promise<void> => {
      signal?.throwIfAborted();
      if (this.#speed > 0) return sleep(durationMs / this.#speed, undefined, signal ? { signal } : {});
      const endMs = this.nowMs() + durationMs;
      // Somebody else who waits may have moved it already.
      await sleep(0);
      if (this.nowMs() < endMs) await this.advance(endMs - this.nowMs());
    },
  };
}
