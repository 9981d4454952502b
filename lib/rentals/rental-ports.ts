import type { RentalEndpoint } from '../domain/rental-endpoint';
import type { SelfStop } from '../domain/self-stop';
import type { RentalProvider } from '../hosts/host-provider';
import type { RentalLedger } from './rental-ledger-port';

/** Reaches a rented machine by SSH. */
export interface RentalReach {
  /**
   * Opens a session by the first address that lets us in, and touches the lease there: the machine may run for so many
   * seconds from then on, whatever runs there. The machine's host key is pinned once it has proven to know our key.
   * Answers whether the machine would stop itself.
   * @throws FailureError with one of the `host-*` and `ssh-*` codes
   */
  touch(instanceId: string, endpoints: readonly RentalEndpoint[], longestSeconds: number): Promise<SelfStop>;
}

export interface RentalClock {
  nowMs(): number;
  /** Ends early, without an error, when the signal is aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export interface RentalLogger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, error: unknown, fields?: Record<string, unknown>): void;
}

/** What the keeper works with; lib/server says what stands behind each. */
export interface RentalParts {
  readonly ledger: RentalLedger;
  /** The service with the key that holds now. May throw `rental-key-missing` and its like. */
  readonly openProvider: () => Promise<RentalProvider>;
  readonly reach: RentalReach;
  readonly clock: RentalClock;
  readonly logger: RentalLogger;
  readonly newId: () => string;
  /** One argument as a word of POSIX sh. */
  readonly quote: (text: string) => string;
  /** Tells our instances from those of other dashboards on the same account. */
  readonly installationId: string;
  /** Where machines find the service's API, to stop themselves by it. */
  readonly serviceUrl: string;
  readonly deadMan: DeadManTimes;
}

/** When a machine stops itself, besides at the end of its time and money: lib/domain/longest-run.ts. */
export interface DeadManTimes {
  /** The lease was not touched for so long, and no attempt of ours runs. */
  readonly idleSeconds: number;
  readonly everySeconds: number;
}
