import type { RankedOffer } from '../../lib/domain/rank-offers';
import type { RentalTerms } from '../../lib/domain/rental';
import type { OfferFilter } from './offer-filter';

const CENT = 10_000_000;
const HOUR_MS = 3_600_000;
/** The next best machine costs a little more, and has to be within the limits too. */
const PRICE_ROOM = 1.5;
/** All tries together: one that goes wrong late has cost almost as much as one that is good. */
const BUDGET_ROOM = 3;
const LEAST_BUDGET_NANO_USD = 50 * CENT;
const TIME_ROOM = 4;
const LEAST_MS = 2 * HOUR_MS;

/** Limits that leave room for what usually goes wrong, and none for more: for a person to agree to or to change. */
export function proposedTerms({ offer, estimate }: RankedOffer, filter: OfferFilter): RentalTerms {
  return {
    offerId: offer.id,
    mostNanoUsdPerHour: upTo(estimate.nanoUsdPerHour * PRICE_ROOM, CENT),
    mostNanoUsd: upTo(Math.max(LEAST_BUDGET_NANO_USD, estimate.highNanoUsd * BUDGET_ROOM), CENT),
    mostMs: upTo(Math.max(LEAST_MS, estimate.totalMs * TIME_ROOM), HOUR_MS / 2),
    mostTries: 3,
    countries: filter.country === null ? [] : [filter.country],
    isDatacenterOnly: filter.isDatacenterOnly,
    leastDownBitsPerSecond: filter.leastLineMbits * 1_000_000,
    afterwards: 'destroy',
  };
}

function upTo(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
