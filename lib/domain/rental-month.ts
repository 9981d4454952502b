/** What one rental came to, as far as it is known. */
export interface BilledRental {
  readonly hasEnded: boolean;
  readonly spentNanoUsd: number;
  /** What the service charged for it in the end; null while it has not said. */
  readonly chargedNanoUsd: number | null;
  /** What it may come to in all, with the saving of its files. */
  readonly mostNanoUsd: number;
  /** What its disk costs until the month is over, where the machine is kept beyond its limits. */
  readonly heldNanoUsd: number;
}

/** The money of a calendar month. */
export interface RentalMonth {
  readonly spentNanoUsd: number;
  /** What the rentals that have not ended may still come to. */
  readonly promisedNanoUsd: number;
}

/** Midnight UTC of the first day of a month: the service bills by UTC. */
export function startOfMonth(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
}

/** Midnight UTC of the first day of the next month. */
export function endOfMonth(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
}

/**
 * Adds up the rentals of a month. One that began in the month before counts whole in each: where money is limited, counting
 * it twice is the safe mistake.
 */
export function rentalMonthOf(rentals: readonly BilledRental[]): RentalMonth {
  const spent = (rental: BilledRental) => rental.chargedNanoUsd ?? rental.spentNanoUsd;
  const promised = (rental: BilledRental) =>
    rental.hasEnded ? 0 : Math.max(0, rental.mostNanoUsd - spent(rental)) + rental.heldNanoUsd;
  return {
    spentNanoUsd: rentals.reduce((sum, rental) => sum + spent(rental), 0),
    promisedNanoUsd: rentals.reduce((sum, rental) => sum + promised(rental), 0),
  };
}
