import { FailureError } from '../domain/failure';
import { formatUsd } from '../domain/money';
import type { RentalTerms } from '../domain/rental';
import { findRentalMonth } from '../store/rental-month-views';
import type { Transaction } from '../store/write-transaction';

/**
 * Throws `rental-budget-reached` when these terms do not fit into what is left of the month, counting what the rentals
 * that run may still come to.
 */
export async function refuseOverBudget(
  transaction: Transaction,
  { mostNanoUsd }: Pick<RentalTerms, 'mostNanoUsd'>,
): Promise<void> {
  const { limitNanoUsd, spentNanoUsd, promisedNanoUsd } = await findRentalMonth(transaction);
  if (limitNanoUsd === null || spentNanoUsd + promisedNanoUsd + mostNanoUsd <= limitNanoUsd) return;
  throw new FailureError(
    'rental-budget-reached',
    `This may cost ${formatUsd(mostNanoUsd)}, and of the month's ${formatUsd(limitNanoUsd)} only ${formatUsd(Math.max(0, limitNanoUsd - spentNanoUsd - promisedNanoUsd))} are left.`,
    {
      remedy: 'Set a lower limit for this job, wait for the next month, or raise the monthly limit in the settings.',
      evidence: [
        `spent this month: ${formatUsd(spentNanoUsd)}`,
        `promised to machines that are rented now: ${formatUsd(promisedNanoUsd)}`,
      ],
    },
  );
}
