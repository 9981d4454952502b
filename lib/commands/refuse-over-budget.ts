import { FailureError } from '../domain/failure';
import { formatUsd } from '../domain/money';
import type { RentalTerms } from '../domain/rental';
import { mostWithSaving } from '../domain/rental-saving';
import { findRentalMonth } from '../store/rental-month-views';
import type { Transaction } from '../store/write-transaction';

/**
 * Throws `rental-budget-reached` when these terms do not fit into what is left of the month, counting what the rentals
 * that run may still come to.
 */
export function refuseOverBudget(transaction: Transaction, terms: RentalTerms): Promise<void> {
  return refuseBeyondMonth(transaction, mostWithSaving(terms));
}

/** The same for an amount that may be spent beside what is promised already. */
export async function refuseBeyondMonth(transaction: Transaction, moreNanoUsd: number): Promise<void> {
  const { limitNanoUsd, spentNanoUsd, promisedNanoUsd } = await findRentalMonth(transaction);
  if (limitNanoUsd === null || spentNanoUsd + promisedNanoUsd + moreNanoUsd <= limitNanoUsd) return;
  throw new FailureError(
    'rental-budget-reached',
    `This may cost ${formatUsd(moreNanoUsd)} with the saving of its files, and of the month's ${formatUsd(limitNanoUsd)} only ${formatUsd(Math.max(0, limitNanoUsd - spentNanoUsd - promisedNanoUsd))} are left.`,
    {
      remedy: 'Set a lower limit for this job, wait for the next month, or raise the monthly limit in the settings.',
      evidence: [
        `spent this month: ${formatUsd(spentNanoUsd)}`,
        `promised to machines that are rented now: ${formatUsd(promisedNanoUsd)}`,
      ],
    },
  );
}
