import type { Failure } from '../domain/failure';
import type { AccountSight, EndedRental, LabeledTry, NewRentalTry, StrayRecord } from '../domain/rental-account';
import type { RentalChange } from '../domain/rental-action';
import type { RentalOutcome } from '../domain/rental-outcome';
import type { RentalJobs, RentalRecord } from '../domain/rental-record';
import type { RentalSpending } from '../domain/rental-spending';
import type { RentalCharge } from '../domain/rented-instance';

/**
 * Where the keeper writes down what it is about to do and what came of it. Every write is conditional: it answers false,
 * with nothing changed, when the rental is no longer as the record says.
 */
export interface RentalLedger {
  /** All that have not ended, the oldest first. */
  listOpen(): Promise<RentalRecord[]>;
  find(rentalId: string): Promise<RentalRecord | null>;
  change(record: RentalRecord, change: RentalChange, nowMs: number): Promise<boolean>;
  /** The next try of a rental that has none open and is wanted; its state becomes `asking`. */
  addTry(record: RentalRecord, attempt: NewRentalTry, nowMs: number): Promise<boolean>;
  reckon(record: RentalRecord, spending: RentalSpending): Promise<boolean>;
  /** Why the newest request for it failed, for people to see; null once one succeeds. */
  recordRequest(rentalId: string, failure: Failure | null): Promise<void>;
  /** The last lines of the container of a try. */
  recordContainerLog(tryId: string, text: string): Promise<void>;
  note(rentalId: string, level: 'note' | 'warning', text: string, nowMs: number): Promise<void>;

  /** Jobs that succeeded on rented machines: what estimates are made by. */
  listOutcomes(): Promise<readonly RentalOutcome[]>;
  avoidedMachines(nowMs: number): Promise<ReadonlySet<string>>;
  jobsOf(instanceId: string): Promise<RentalJobs>;
  /** Cancels what runs there and asks for copies of what is finished and proven. */
  save(instanceId: string, nowMs: number): Promise<void>;
  /** One line as in authorized_keys. */
  publicKeyOf(instanceId: string): Promise<string>;

  /** That a key is about to be put on an account; false when that is written down already. */
  notePlacedKey(accountId: string, publicKey: string, nowMs: number): Promise<boolean>;
  listPlacedKeys(accountId: string): Promise<string[]>;
  forgetPlacedKey(accountId: string, publicKey: string): Promise<void>;

  tryOfLabel(tryId: string): Promise<LabeledTry | null>;
  /** The newest whole list, with what of it is ours and belongs to nobody. What it does not have is no stray any more. */
  recordSight(sight: AccountSight): Promise<void>;
  recordBlindness(failure: Failure | null): Promise<void>;
  recordCredit(creditNanoUsd: number, nowMs: number): Promise<void>;
  listStrays(): Promise<StrayRecord[]>;
  recordStrayFailure(serviceId: string, failure: Failure): Promise<void>;
  removeStray(serviceId: string): Promise<void>;
  /** Whether a request that went without an answer since then has a label to be watched. */
  hasDoubts(sinceMs: number): Promise<boolean>;

  /** What ended since then; without any charges, since the other moment. */
  listUncharged(sinceMs: number, missingSinceMs: number): Promise<EndedRental[]>;
  recordCharges(rentalId: string, charges: readonly RentalCharge[] | null, nowMs: number): Promise<void>;
}
