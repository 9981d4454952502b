import type { RentalMoney } from '../../lib/domain/rental';

/** What a rental cost: what was charged, or what we reckon while the service has not said. */
export function paidFor({ charges, spentNanoUsd }: RentalMoney): {
  readonly paidNanoUsd: number;
  readonly isCharged: boolean;
} {
  if (charges === null) return { paidNanoUsd: spentNanoUsd, isCharged: false };
  return { paidNanoUsd: charges.reduce((sum, { totalNanoUsd }) => sum + totalNanoUsd, 0), isCharged: true };
}
