import type { RentalState } from './rental';
import { RENTAL_PHASE_INFO, type RentalPhase } from './rental-phase';
import type { RentedInstance } from './rented-instance';

/** What a rental's machine was last seen to be: nothing when there is none. */
export interface SeenRental {
  readonly state: RentalState;
  /** A machine of it is there, or was given back and is not proven gone. */
  readonly hasMachine: boolean;
  readonly seen: Pick<RentedInstance, 'runningNanoUsdPerHour' | 'storageNanoUsdPerHour'> | null;
  /** Null when no machine was seen. */
  readonly phase: RentalPhase | null;
}

/**
 * What an hour of a rental costs as it is now, traffic aside; null when nobody said. Where the service does not say what
 * it bills for, the full price is assumed: a person must not learn of money late.
 */
export function nowNanoUsdPerHour({ state, hasMachine, seen, phase }: SeenRental): number | null {
  if (state === 'ended' || (state === 'looking' && !hasMachine)) return 0;
  if (seen === null || phase === null) return null;
  switch (RENTAL_PHASE_INFO[phase].billing) {
    case 'none':
      return 0;
    case 'storage':
      return seen.storageNanoUsdPerHour;
    default:
      return seen.runningNanoUsdPerHour;
  }
}
