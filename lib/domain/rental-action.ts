import type { Failure } from './failure';
import type { RentalEventView, RentalGoal, RentalState, RentalTryState } from './rental';
import type { RentalEndpoint } from './rental-endpoint';
import type { RentalPhase } from './rental-phase';
import type { RentalRecord, RentalTryRecord } from './rental-record';
import type { SelfStop } from './self-stop';

/** What is written down in one go, if goal and state of the rental are still those that were decided on. */
export interface RentalChange {
  readonly rental?: {
    readonly goal?: RentalGoal;
    readonly state?: RentalState;
    readonly failure?: Failure | null;
    readonly alarm?: Failure | null;
    readonly idleSinceMs?: number | null;
    readonly startAskedAtMs?: number | null;
    readonly restartWantedAtMs?: null;
    readonly savingSinceMs?: number;
  };
  readonly attempt?: {
    readonly id: string;
    /** As it must still be. */
    readonly from: RentalTryState;
    readonly state?: RentalTryState;
    readonly serviceId?: string;
    readonly sentAtMs?: number;
    readonly thereAtMs?: number;
    readonly reachableAtMs?: number;
    readonly releasedAtMs?: number;
    readonly goneAtMs?: number;
    readonly failure?: Failure | null;
    readonly phase?: RentalPhase;
    readonly phaseSinceMs?: number;
    readonly failingSinceMs?: number | null;
    readonly failingWith?: Failure | null;
    readonly selfStop?: SelfStop;
  };
  /** Another machine stands behind the instance now: its host key and facts are new. */
  readonly hasNewMachine?: boolean;
  /** A machine not to be rented again for a while. */
  readonly avoids?: { readonly machineId: string; readonly reason: string };
  /** Nothing of it is left: files that were on it are gone too. */
  readonly hasEnded?: boolean;
  readonly event?: { readonly level: RentalEventView['level']; readonly text: string };
}

/** The next thing to do for a rental. Each is safe to begin again after a crash in its middle. */
export type RentalAction =
  | { readonly kind: 'wait' }
  | { readonly kind: 'write'; readonly change: RentalChange }
  /** Search for an offer and write a try down. */
  | { readonly kind: 'choose' }
  /** Rent what a try names: written down as sent, then sent. */
  | { readonly kind: 'send'; readonly attempt: RentalTryRecord }
  /** Ask by every way whether an instance is gone; only if it is, write. */
  | { readonly kind: 'prove'; readonly attempt: RentalTryRecord; readonly change: RentalChange }
  /** The same, and ask for its end while it is not. */
  | { readonly kind: 'destroy'; readonly attempt: RentalTryRecord; readonly change: RentalChange }
  /** Reach it by SSH and touch its lease; write if it answered. */
  | { readonly kind: 'reach'; readonly attempt: RentalTryRecord; readonly change: RentalChange | null }
  /** Touch its lease where it last was, because the service cannot be asked where it is. */
  | { readonly kind: 'touch'; readonly attempt: RentalTryRecord; readonly endpoints: readonly RentalEndpoint[] }
  | { readonly kind: 'start'; readonly attempt: RentalTryRecord }
  | { readonly kind: 'stop'; readonly attempt: RentalTryRecord }
  /** Have its container stopped and started; written down as done first, since it must not be done twice. */
  | { readonly kind: 'restart'; readonly attempt: RentalTryRecord; readonly change: RentalChange }
  /** End the jobs of the machine and bring home what is proven. */
  | { readonly kind: 'save' };

/** Part of a change of a try: it answers, or nobody has knocked yet. */
export const NOT_FAILING = { failingSinceMs: null, failingWith: null } as const;

export const WAIT: RentalAction = { kind: 'wait' };

export function write(change: RentalChange): Extract<RentalAction, { kind: 'write' }> {
  return { kind: 'write', change };
}

/** Ends a rental for a reason: its machines are given back, and the reason stays. */
export function fail(failure: Failure): ReturnType<typeof write> {
  return write({ rental: { goal: 'gone', failure }, event: { level: 'alarm', text: failure.message } });
}

/** Gives a machine back; what was written about the rental beside it comes along. */
export function release(
  attempt: RentalTryRecord,
  nowMs: number,
  failure: Failure | null,
  rental: NonNullable<RentalChange['rental']>,
): RentalChange {
  return {
    rental,
    attempt: { id: attempt.id, from: attempt.state, state: 'releasing', releasedAtMs: nowMs, failure },
  };
}

/** Whether so much time has passed since something was last done. */
export function isDue(lastMs: number | null, pauseMs: number, nowMs: number): boolean {
  return lastMs === null || nowMs - lastMs >= pauseMs;
}

const MOST_PAUSE_MS = 60_000;

/** A pause that doubles with each failure in a row, up to a minute. */
export function pauseAfter(failures: number, firstMs: number): number {
  return Math.min(Math.max(MOST_PAUSE_MS, firstMs), firstMs * 2 ** Math.min(failures, 10));
}

/** A state to write down when it is not the present one. */
export function settle(record: RentalRecord, state: RentalState): RentalAction | null {
  return record.state === state ? null : write({ rental: { state } });
}
