import type { RentalPhase } from '../domain/rental-phase';
import type { RentalReachMemory } from '../domain/rental-record';

export const NEVER_REACHED: RentalReachMemory = {
  triedAtMs: null,
  goodAtMs: null,
  failingSinceMs: null,
  failure: null,
};

/**
 * What the keeper knows of a rental and need not survive it: when it last asked for something, so that it asks again in
 * time, and how long something has gone on, which only begins anew after a restart.
 */
export interface RentalMemory {
  /** The newest list that was begun before what we did last: neither it nor an older one shows that. */
  actedAfterList: number;
  phase: { readonly of: string; readonly phase: RentalPhase; readonly sinceMs: number } | null;
  reach: RentalReachMemory;
  savingSinceMs: number | null;
  askedAtMs: Record<'destroy' | 'start' | 'stop' | 'choose' | 'save', number | null>;
  failures: number;
  /** The instance that our key was attached to. */
  keyOn: string | null;
}

export function newMemory(): RentalMemory {
  return {
    actedAfterList: 0,
    phase: null,
    reach: NEVER_REACHED,
    savingSinceMs: null,
    askedAtMs: { destroy: null, start: null, stop: null, choose: null, save: null },
    failures: 0,
    keyOn: null,
  };
}
