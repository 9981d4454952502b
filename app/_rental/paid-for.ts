import type { RentalMoney } from '../../lib/domain/rental';
import { chargedNanoUsd } from '../../lib/domain/rented-instance';
import { chargedParts, countedParts, type SpentParts } from '../../lib/domain/spent-parts';

export interface Paid {
  readonly paidNanoUsd: number;
  readonly parts: SpentParts;
  readonly isCharged: boolean;
}

/** What a rental cost: what was charged, or what we reckon while the service has not said. */
export function paidFor(money: RentalMoney): Paid {
  const { charges, spentNanoUsd } = money;
  const charged = chargedNanoUsd(charges);
  return {
    paidNanoUsd: charged ?? spentNanoUsd,
    parts: charges === null ? countedParts(money) : chargedParts(charges),
    isCharged: charged !== null,
  };
}
