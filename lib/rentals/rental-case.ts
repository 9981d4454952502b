import type { RentalRecord } from '../domain/rental-record';
import type { RentalProvider } from '../hosts/host-provider';
import type { RentalMemory } from './rental-memory';
import type { RentalParts } from './rental-ports';

/** One rental in the hands of the keeper. */
export interface RentalCase {
  readonly parts: RentalParts;
  readonly provider: RentalProvider;
  /** Whose account the provider sees. */
  readonly accountId: string;
  readonly record: RentalRecord;
  readonly memory: RentalMemory;
  /** Number of the newest list that was begun. */
  readonly newestList: () => number;
}
