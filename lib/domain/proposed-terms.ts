import type { RankedOffer } from './rank-offers';
import { RENTAL_LIMITS, type RentalTerms } from './rental';

const CENT = 10_000_000;
const HOUR_MS = 3_600_000;
/** The next best machine costs a little more, and has to be within the limits too. */
const PRICE_ROOM = 1.5;
/** All tries together: one that goes wrong late has cost almost as much as one that is good. */
const BUDGET_ROOM = 3;
const LEAST_BUDGET_NANO_USD = 50 * CENT;
const TIME_ROOM = 4;
const LEAST_MS = 2 * HOUR_MS;

/** What the market was asked for. It holds for the machines that are taken when the first does not come up, too. */
export interface MarketWish extends Pick<RentalTerms, 'countries' | 'isDatacenterOnly' | 'leastDownBitsPerSecond'> {
  /** Most that the job may cost in all; null when nothing was said. */
  readonly mostTotalNanoUsd: number | null;
}

/**
 * Limits that leave room for what usually goes wrong, and none for more: for a person to agree to or to change, and always
 * such as can be agreed to as they are. Whoever said how much the job may cost is asked for no more than that.
 */
export function proposedTerms({ offer, estimate }: RankedOffer, wish: MarketWish): RentalTerms {
  const { countries, isDatacenterOnly, leastDownBitsPerSecond, mostTotalNanoUsd } = wish;
  const budgetNanoUsd = upTo(Math.max(LEAST_BUDGET_NANO_USD, estimate.highNanoUsd * BUDGET_ROOM), CENT);
  return {
    offerId: offer.id,
    mostNanoUsdPerHour: Math.min(
      RENTAL_LIMITS.mostNanoUsdPerHour,
      upTo(Math.max(1, estimate.nanoUsdPerHour * PRICE_ROOM), CENT),
    ),
    mostNanoUsd: Math.max(1, Math.min(RENTAL_LIMITS.mostNanoUsd, budgetNanoUsd, mostTotalNanoUsd ?? budgetNanoUsd)),
    mostMs: Math.min(RENTAL_LIMITS.mostMs, upTo(Math.max(LEAST_MS, estimate.totalMs * TIME_ROOM), HOUR_MS / 2)),
    mostTries: 3,
    countries,
    isDatacenterOnly,
    leastDownBitsPerSecond,
    afterwards: 'destroy',
  };
}

function upTo(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
