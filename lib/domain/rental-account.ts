import type { Offer } from './offer';
import type { RentalEstimate } from './rental-estimate';
import type { RentedInstance } from './rented-instance';

/** A request for a machine that is about to be written down. */
export interface NewRentalTry {
  readonly id: string;
  readonly label: string;
  /** Of the service: where the machine will be. */
  readonly accountId: string;
  readonly offer: Offer;
  readonly estimate: RentalEstimate;
}

/** What is known of the try that a label names. */
export interface LabeledTry {
  readonly rentalId: string;
  readonly isOpen: boolean;
  readonly serviceId: string | null;
  readonly goneAtMs: number | null;
}

/** A stray instance as it is written down: see lib/domain/rental.ts. */
export interface StrayRecord {
  readonly serviceId: string;
  readonly label: string;
  readonly isToGo: boolean;
  /** Where it was seen; null in what was written before it was kept. */
  readonly accountId: string | null;
}

export interface StraySighting {
  readonly seen: RentedInstance;
  readonly label: string;
  /**
   * Of a request that was given up without an answer: it came late, and nothing can be on it. It is given back without
   * anybody being asked, unless somebody chose otherwise. Null for every other one: a person decides.
   */
  readonly lateFor: { readonly rentalId: string } | null;
}

export interface AccountSight {
  /** Whose instances these are. */
  readonly accountId: string;
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
  /** Where it was rented; null in what was written before it was kept. */
  readonly accountId: string | null;
  readonly serviceIds: readonly string[];
  readonly labels: readonly string[];
}
