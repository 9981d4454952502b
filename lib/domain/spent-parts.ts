import type { RentalMoney } from './rental';
import type { RentalCharge } from './rented-instance';

/** What a sum went to, in billionths of a dollar; the parts add up to it. */
export interface SpentParts {
  readonly machineNanoUsd: number;
  readonly diskNanoUsd: number;
  /** In and out. */
  readonly trafficNanoUsd: number;
}

/** Of our own count. */
export function countedParts(money: Omit<RentalMoney, 'nowNanoUsdPerHour' | 'charges'>): SpentParts {
  const { spentNanoUsd, spentDiskNanoUsd: diskNanoUsd, spentTrafficNanoUsd: trafficNanoUsd } = money;
  return { machineNanoUsd: spentNanoUsd - diskNanoUsd - trafficNanoUsd, diskNanoUsd, trafficNanoUsd };
}

/** Of what the service charged; what it names nothing for is the machine's. */
export function chargedParts(charges: readonly RentalCharge[]): SpentParts {
  const sumOf = (part: (charge: RentalCharge) => number) => charges.reduce((sum, charge) => sum + part(charge), 0);
  return countedParts({
    spentNanoUsd: sumOf(({ totalNanoUsd }) => totalNanoUsd),
    spentDiskNanoUsd: sumOf(({ diskNanoUsd }) => diskNanoUsd),
    spentTrafficNanoUsd: sumOf(({ downloadNanoUsd, uploadNanoUsd }) => downloadNanoUsd + uploadNanoUsd),
  });
}
