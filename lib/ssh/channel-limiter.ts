/** Long channels (a followed log, samples, SFTP) may not take the last places, or short commands would wait for hours. */
export type ChannelUse = 'short' | 'long';

interface Waiter {
  readonly use: ChannelUse;
  readonly admit: () => void;
}

/**
 * Limits how many channels are open at once on a connection: sshd's own limit (MaxSessions) is 10 unless configured, and
 * what comes after is refused rather than queued.
 */
export class ChannelLimiter {
  readonly #total: number;
  readonly #longMax: number;
  #open = { short: 0, long: 0 };
  #waiting: Waiter[] = [];

  constructor(total: number, longMax: number) {
    this.#total = total;
    this.#longMax = longMax;
  }

  /** Waits for a place; the answer gives it back and may be called more than once. Rejects when the signal aborts. */
  acquire(use: ChannelUse, signal?: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        use,
        admit: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve(this.#taken(use));
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
      this.#admitNext();
    });
  }

  #taken(use: ChannelUse): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#open[use] -= 1;
      this.#admitNext();
    };
  }

  #admitNext(): void {
    for (const waiter of [...this.#waiting]) {
      if (this.#open.short + this.#open.long >= this.#total) return;
      if (waiter.use === 'long' && this.#open.long >= this.#longMax) continue;
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
      this.#open[waiter.use] += 1;
      waiter.admit();
    }
  }
}
