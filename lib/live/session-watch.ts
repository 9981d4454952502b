/** Who is behind a socket. More fields may be there; only the existence counts here. */
export interface LiveSession {
  readonly sessionId: string;
}

export interface SessionWatch {
  /** Whether the cookie still opens a session, at most `CACHE_MS` old. Rejects when the store cannot say. */
  isAlive(cookie: string): Promise<boolean>;
  /** Calls `onEnd` once when the cookie's session has ended; returns the function that stops watching. */
  watch(cookie: string, onEnd: () => void): () => void;
  close(): void;
}

/** Half of the two seconds within which a revoked session must be gone. */
const CACHE_MS = 900;
const SWEEP_MS = 1000;

/**
 * Re-checks the sessions behind open sockets: a revoked one must not live on in a connection that was opened before.
 * `findSession` is called about once a second for each distinct cookie, so it must not count as activity of the person.
 */
export function createSessionWatch(
  findSession: (cookie: string) => Promise<LiveSession | null>,
  onError: (error: unknown) => void,
): SessionWatch {
  const endings = new Map<string, Set<() => void>>();
  const sweeping = new Set<string>();
  const answers = new SessionAnswers(findSession);

  async function sweepOne(cookie: string): Promise<void> {
    if (sweeping.has(cookie)) return;
    sweeping.add(cookie);
    try {
      if (await answers.ask(cookie)) return;
    } catch (error) {
      // Not knowing is not an end: a busy database must not throw everybody out.
      onError(error);
      return;
    } finally {
      sweeping.delete(cookie);
    }
    for (const onEnd of endings.get(cookie) ?? []) onEnd();
    endings.delete(cookie);
  }

  const timer = setInterval(() => {
    answers.forgetUnless((cookie) => endings.has(cookie));
    for (const cookie of endings.keys()) void sweepOne(cookie);
  }, SWEEP_MS);

  return {
    isAlive: (cookie) => answers.recent(cookie) ?? answers.ask(cookie),
    watch(cookie, onEnd) {
      const listeners = endings.get(cookie) ?? new Set();
      endings.set(cookie, listeners.add(onEnd));
      return () => {
        listeners.delete(onEnd);
        if (listeners.size === 0 && endings.get(cookie) === listeners) endings.delete(cookie);
      };
    },
    close: () => clearInterval(timer),
  };
}

/** What the store last said about each cookie. */
class SessionAnswers {
  readonly #findSession: (cookie: string) => Promise<LiveSession | null>;
  readonly #answers = new Map<string, { isAlive: Promise<boolean>; atMs: number }>();

  constructor(findSession: (cookie: string) => Promise<LiveSession | null>) {
    this.#findSession = findSession;
  }

  /** The answer while it is at most `CACHE_MS` old, else null. */
  recent(cookie: string): Promise<boolean> | null {
    const known = this.#answers.get(cookie);
    return known && performance.now() - known.atMs < CACHE_MS ? known.isAlive : null;
  }

  ask(cookie: string): Promise<boolean> {
    const answer = { isAlive: this.#findSession(cookie).then((session) => session !== null), atMs: performance.now() };
    this.#answers.set(cookie, answer);
    // A failed question is asked again at the next event, not remembered.
    answer.isAlive.catch(() => this.#answers.delete(cookie));
    return answer.isAlive;
  }

  forgetUnless(isNeeded: (cookie: string) => boolean): void {
    for (const cookie of this.#answers.keys()) if (!isNeeded(cookie)) this.#answers.delete(cookie);
  }
}
