import { type Failure, FailureError, toFailure } from '../domain/failure';
import type { HostSession } from './host-port';
import type { Clock, Logger } from './ports';

/** A host that has been reached before may be away this long before its job gives up (a laptop's nap, a host's reboot). */
export const UNREACHABLE_LIMIT_MS = 15 * 60_000;
/** A host that was never reached: a wrong address should be told about soon. */
export const FIRST_CONTACT_LIMIT_MS = 12_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** Failures that waiting cannot cure. A changed host key must never be retried into. */
const FINAL_CODES = new Set<Failure['code']>([
  'host-key-changed',
  'ssh-key-invalid',
  'ssh-key-passphrase',
  'host-dns',
  'not-found',
  'host-unsupported',
  'rental-machine-lost',
]);

export interface HostLinkOptions {
  readonly instanceId: string;
  readonly connect: (instanceId: string, signal?: AbortSignal) => Promise<HostSession>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told when the host cannot be reached, and with null when it can again. */
  readonly onUnreachable: (since: Date | null, failure: Failure | null) => Promise<void>;
  readonly unreachableLimitMs?: number;
}

/** Keeps one connection to a job's host and makes a new one whenever it is gone. */
export class HostLink {
  readonly #options: HostLinkOptions;
  readonly #closing = new AbortController();
  #session: Promise<HostSession> | null = null;
  /** The newest connection; `#session` is null again once it is dead. */
  #current: HostSession | null = null;
  #wasReached: boolean;
  #isGivenUp = false;

  /** `wasReached`: an attempt of this job is known on the host, so patience is due from the first try on. */
  constructor(options: HostLinkOptions, wasReached: boolean) {
    this.#options = options;
    this.#wasReached = wasReached;
  }

  get instanceId(): string {
    return this.#options.instanceId;
  }

  /** True once patience with the host was over, until it is reached again. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /**
   * The live connection, or a new one; waits out a host that is away. Throws the last failure once patience is over, and
   * the signal's reason when that aborts first: others may wait for the same connection, so only this wait ends.
   */
  session(signal?: AbortSignal): Promise<HostSession> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const shared = this.#session ?? this.#begin();
    return signal ? untilAborted(shared, signal) : shared;
  }

  /** Runs something that may find the connection dead, again on a new connection when it did. */
  async withSession<T>(work: (session: HostSession) => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (;;) {
      const session = await this.session(signal);
      try {
        return await work(session);
      } catch (error) {
        if (toFailure(error).code !== 'host-lost' || signal?.aborted) throw error;
        this.drop(session);
      }
    }
  }

  /** Forgets a connection that turned out to be dead; a newer one that somebody else made meanwhile stays. */
  drop(session: HostSession): void {
    if (this.#current === session) this.#session = null;
    session.close();
  }

  close(): void {
    this.#closing.abort('closed');
    this.#session = null;
    this.#current?.close();
  }

  #begin(): Promise<HostSession> {
    const beginning = this.#reach(this.#closing.signal);
    this.#session = beginning;
    beginning.catch(() => {
      this.#isGivenUp = true;
      if (this.#session === beginning) this.#session = null;
    });
    return beginning;
  }

  async #reach(signal: AbortSignal): Promise<HostSession> {
    const { clock, connect, instanceId, onUnreachable } = this.#options;
    const sinceMs = clock.monotonicMs();
    const since = clock.now();
    for (let tries = 0; ; tries += 1) {
      signal.throwIfAborted();
      try {
        const session = await connect(instanceId, signal);
        if (signal.aborted) session.close();
        signal.throwIfAborted();
        this.#current = session;
        session.onClose(() => {
          if (this.#current === session) this.#session = null;
        });
        if (tries > 0) await onUnreachable(null, null);
        this.#wasReached = true;
        this.#isGivenUp = false;
        return session;
      } catch (error) {
        signal.throwIfAborted();
        await this.#waitOrGiveUp(error, { tries, since, sinceMs, signal });
      }
    }
  }

  async #waitOrGiveUp(
    error: unknown,
    attempt: { tries: number; since: Date; sinceMs: number; signal: AbortSignal },
  ): Promise<void> {
    const { clock, logger, onUnreachable, instanceId } = this.#options;
    const failure = toFailure(error);
    const awayMs = clock.monotonicMs() - attempt.sinceMs;
    const limitMs = this.#wasReached
      ? (this.#options.unreachableLimitMs ?? UNREACHABLE_LIMIT_MS)
      : FIRST_CONTACT_LIMIT_MS;
    const isFinal = FINAL_CODES.has(failure.code) || (failure.code === 'ssh-auth-refused' && !this.#wasReached);
    if (isFinal) throw error;
    if (awayMs >= limitMs) throw this.#wasReached ? givenUp(failure, awayMs, error) : error;
    if (attempt.tries === 0 && this.#wasReached) await onUnreachable(attempt.since, failure);
    logger.warn('host not reachable, trying again', { instanceId, code: failure.code, tries: attempt.tries + 1 });
    const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt.tries, 10));
    // Full jitter: many jobs of one returning host must not knock at the same instant.
    await clock.sleep(ceilingMs * (0.5 + Math.random() / 2), attempt.signal);
  }
}

/** The promise's end, or the signal's reason when that comes first. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    // Connecting may have taken the signal along.
    if (signal.aborted) reject(signal.reason);
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function givenUp(last: Failure, awayMs: number, cause: unknown): FailureError {
  return new FailureError('host-lost', `The host has been out of reach for ${Math.round(awayMs / 60_000)} minutes.`, {
    remedy:
      'Check that the machine is running and that its address and port are still right, then retry the job: what is on the host is kept, and a command that is still running there is picked up again.',
    evidence: [last.message, ...last.evidence],
    isTransient: true,
    cause,
  });
}
