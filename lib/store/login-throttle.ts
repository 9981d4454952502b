const FREE_TRIES = 5;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Entries idle for so long are forgotten. */
const FORGET_AFTER_MS = 60 * 60_000;
/** Beyond this many keys the oldest are forgotten: an attacker with many addresses must not fill our memory. */
const MOST_KEYS = 10_000;

interface Entry {
  failures: number;
  lastAtMs: number;
}

/**
 * Counts failed logins by account and by address: five tries are free, then each failure doubles the wait from 2 s up
 * to 15 min. Never a permanent lock-out: there may be only one person who could unlock it.
 */
export class LoginThrottle {
  readonly #entries = new Map<string, Entry>();

  /** Milliseconds until another try is allowed for all of these keys; 0 when it is allowed now. */
  waitMs(keys: readonly string[], atMs: number): number {
    return Math.max(0, ...keys.map((key) => this.#waitOf(key, atMs)));
  }

  recordFailure(keys: readonly string[], atMs: number): void {
    for (const key of keys) {
      const known = this.#entries.get(key);
      const isOld = known === undefined || atMs - known.lastAtMs > FORGET_AFTER_MS;
      // Deleting first moves the key to the end: the map's order is the order of use.
      this.#entries.delete(key);
      this.#entries.set(key, { failures: isOld ? 1 : known.failures + 1, lastAtMs: atMs });
    }
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= MOST_KEYS) break;
      this.#entries.delete(key);
    }
  }

  recordSuccess(keys: readonly string[]): void {
    for (const key of keys) this.#entries.delete(key);
  }

  #waitOf(key: string, atMs: number): number {
    const entry = this.#entries.get(key);
    if (!entry || entry.failures < FREE_TRIES) return 0;
    const pauseMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (entry.failures - FREE_TRIES));
    return Math.max(0, entry.lastAtMs + pauseMs - atMs);
  }
}
