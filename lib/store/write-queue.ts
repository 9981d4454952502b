import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_DELAYS_MS = [50, 200, 800];
/** Prisma: operation timed out, transaction could not start or ended, write conflict. */
const TRANSIENT_CODES = new Set(['P1008', 'P2028', 'P2034', 'SQLITE_BUSY']);

/**
 * Runs writes one after the other. SQLite has one writer: two at once would make one of them wait inside a native call
 * that blocks the whole event loop.
 */
export class WriteQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `write` after all earlier ones; a busy database is tried again up to three times. */
  run<T>(write: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => withRetries(write));
    // The queue goes on after a failed write; its caller has the error.
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything queued so far has ended. */
  async settle(): Promise<void> {
    await this.#last;
  }
}

async function withRetries<T>(write: () => Promise<T>): Promise<T> {
  for (const delayMs of RETRY_DELAYS_MS) {
    try {
      return await write();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await sleep(delayMs);
    }
  }
  return write();
}

function isTransient(error: unknown): boolean {
  return error instanceof Error && 'code' in error && TRANSIENT_CODES.has(String(error.code));
}
