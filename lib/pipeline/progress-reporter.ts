import type { Progress } from '../domain/progress';
import type { JobLedger, Lease } from './ledger-port';
import type { Clock, LivePublisher } from './ports';

const STORE_EVERY_MS = 2000;
const SHOW_EVERY_MS = 200;

/**
 * Shows a step's progress and note to browsers a few times a second and stores them every other second: a stored write
 * costs an fsync, a shown one nothing.
 */
export class ProgressReporter {
  readonly #target: { lease: Lease; jobId: string; stepId: string };
  readonly #ledger: JobLedger;
  readonly #live: LivePublisher;
  readonly #clock: Clock;
  #progress: Progress | null = null;
  #note: string | null = null;
  #shownMs = Number.NEGATIVE_INFINITY;
  #storedMs = Number.NEGATIVE_INFINITY;
  #storing: Promise<void> = Promise.resolve();
  #error: unknown = null;

  constructor(
    target: { lease: Lease; jobId: string; stepId: string },
    ledger: JobLedger,
    live: LivePublisher,
    clock: Clock,
  ) {
    this.#target = target;
    this.#ledger = ledger;
    this.#live = live;
    this.#clock = clock;
  }

  get progress(): Progress | null {
    return this.#progress;
  }

  report(progress: Progress): void {
    this.#progress = progress;
    this.#publish();
  }

  note(note: string | null): void {
    if (note === this.#note) return;
    this.#note = note;
    this.#publish();
  }

  /** Waits for the last write; rethrows a lost lease that a write in between has met. */
  async settle(): Promise<void> {
    await this.#storing;
    if (this.#error) throw this.#error;
  }

  #publish(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#shownMs >= SHOW_EVERY_MS) {
      this.#shownMs = nowMs;
      this.#live.stepProgressed(this.#target.jobId, this.#target.stepId, this.#progress, this.#note);
    }
    if (nowMs - this.#storedMs >= STORE_EVERY_MS) {
      this.#storedMs = nowMs;
      this.#storing = this.#storing
        .then(() => this.#ledger.recordProgress(this.#target.lease, this.#target.stepId, this.#progress, this.#note))
        .catch((error: unknown) => {
          this.#error = error;
        });
    }
  }
}
