import type { Failure } from '../domain/failure';
import type { Offer } from '../domain/offer';
import type { RentalChange } from '../domain/rental-action';
import type { RentalEstimate } from '../domain/rental-estimate';
import type { RentalOutcome } from '../domain/rental-outcome';
import type { RentalJobs, RentalRecord } from '../domain/rental-record';
import type { RentalSpending } from '../domain/rental-spending';
import type { RentalCharge, RentedInstance } from '../domain/rented-instance';

export interface NewRentalTry {
  readonly id: string;
  readonly label: string;
  readonly offer: Offer;
  readonly estimate: RentalEstimate;
}

/** What is known of the try that a label names. */
export interface LabeledTry {
  readonly isOpen: boolean;
  readonly serviceId: string | null;
  readonly goneAtMs: number | null;
}

/** A stray instance as it is written down: see lib/domain/rental.ts. */
export interface StrayRecord {
  readonly serviceId: string;
  readonly label: string;
  readonly isToGo: boolean;
}

export interface StraySighting {
  readonly seen: RentedInstance;
  readonly label: string;
  /** Ours beyond doubt: of a try that is over. It is given back without being asked about. */
  readonly isToGo: boolean;
}

export interface AccountSight {
  readonly readAtMs: number;
  readonly instances: readonly RentedInstance[];
  readonly strays: readonly StraySighting[];
}

/** A rental that is over and whose real charges are not known for good. */
export interface EndedRental {
  readonly id: string;
  readonly createdAtMs: number;
  readonly endedAtMs: number;
  readonly chargesAtMs: number | null;
  readonly serviceIds: readonly string[];
  readonly labels: readonly string[];
}

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
  note(rentalId: string, level: 'note' | 'warning', text: string, nowMs: number): Promise<void>;

  /** Jobs that succeeded on rented machines: what estimates are made by. */
  listOutcomes(): Promise<readonly RentalOutcome[]>;
  avoidedMachines(nowMs: number): Promise<ReadonlySet<string>>;
  jobsOf(instanceId: string): Promise<RentalJobs>;
  /** Cancels what runs there and asks for copies of what is finished and proven. */
  save(instanceId: string, nowMs: number): Promise<void>;
  /** One line as in authorized_keys. */
  publicKeyOf(instanceId: string): Promise<string>;

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

  listUncharged(sinceMs: number): Promise<EndedRental[]>;
  recordCharges(rentalId: string, charges: readonly RentalCharge[] | null, nowMs: number): Promise<void>;
}
