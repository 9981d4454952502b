import type { RentalMoney } from '../../lib/domain/rental';
import { chargedNanoUsd } from '../../lib/domain/rented-instance';

/** What a rental cost: what was charged, or what we reckon while the service has not said. */
export function paidFor({ charges, spentNanoUsd }: RentalMoney): {
  readonly paidNanoUsd: number;
  readonly isCharged: boolean;
} {
  const charged = chargedNanoUsd(charges);
  return { paidNanoUsd: charged ?? spentNanoUsd, isCharged: charged !== null };
}
