import type { CalibrationOf } from '../../lib/domain/calibrate';
import type { CheckpointOrigin } from '../../lib/domain/checkpoint-origin';
import type { ModelCheckReport } from '../../lib/domain/model-check';
import type { Offer } from '../../lib/domain/offer';
import { DEFAULT_OFFER_LIMITS } from '../../lib/domain/offer-problem';
import { type OfferRanking, type RankedOffer, rankOffers } from '../../lib/domain/rank-offers';
import { diskNeedGb, type RentalWork } from '../../lib/domain/rental-work';
import { rentalWorkOfCheck } from '../../lib/model/rental-work-of-check';
import { marketWishOf, type OfferFilter, type OfferSort } from './offer-filter';

export interface CheckWork {
  readonly work: RentalWork;
  /** The disk to rent, which is also what a look at the market is about. */
  readonly diskGb: number;
}

/** What a job with these outputs needs. */
export function workForCheck(report: ModelCheckReport, filter: OfferFilter, sourceFrom: CheckpointOrigin): CheckWork {
  const work = rentalWorkOfCheck(report, filter.outputs, sourceFrom);
  return { work, diskGb: diskNeedGb(work) };
}

export interface CheckRanking extends OfferRanking {
  /** The one that the reason is about, whatever the order shown. */
  readonly bestOfferId: string | null;
}

const ORDERS: Readonly<Record<OfferSort, (ranked: RankedOffer) => number>> = {
  best: (ranked) => ranked.scoreNanoUsd,
  cost: (ranked) => ranked.estimate.totalNanoUsd,
  time: (ranked) => ranked.estimate.totalMs,
  hourly: (ranked) => ranked.estimate.nanoUsdPerHour,
};

/** The offers of a look that can do a check's job, in the order asked for, reckoned by what finished jobs taught. */
export function rankForCheck(
  offers: readonly Offer[],
  work: RentalWork,
  filter: OfferFilter,
  calibrationOf: CalibrationOf,
): CheckRanking {
  const wanted = offers.filter(
    (offer) =>
      (filter.country === null || offer.country === filter.country) && (!filter.isDatacenterOnly || offer.isDatacenter),
  );
  const { leastDownBitsPerSecond, mostTotalNanoUsd } = marketWishOf(filter);
  const limits = { ...DEFAULT_OFFER_LIMITS, leastDownBitsPerSecond, mostTotalNanoUsd };
  const ranking = rankOffers(wanted, work, limits, calibrationOf);
  const figureOf = ORDERS[filter.sort];
  return {
    ...ranking,
    // Sorting is stable: among equals the better one stays first.
    ranked: [...ranking.ranked].sort((a, b) => figureOf(a) - figureOf(b)),
    bestOfferId: ranking.ranked[0]?.offer.id ?? null,
  };
}
