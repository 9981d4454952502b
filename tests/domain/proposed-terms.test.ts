import { describe, expect, it } from 'vitest';
import { DEFAULT_OFFER_LIMITS } from '../../lib/domain/offer-problem';
import { type MarketWish, proposedTerms } from '../../lib/domain/proposed-terms';
import { rankOffers } from '../../lib/domain/rank-offers';
import { RENTAL_LIMITS, rentalTermsSchema } from '../../lib/domain/rental';
import { DEFAULT_CALIBRATION } from '../../lib/domain/rental-calibration';
import { exampleOffer, exampleWork } from '../support/rental-examples';

const WISH: MarketWish = {
  countries: [],
  isDatacenterOnly: false,
  leastDownBitsPerSecond: 500_000_000,
  mostTotalNanoUsd: null,
};

function rank(work = exampleWork(), limits = DEFAULT_OFFER_LIMITS, offer = exampleOffer()) {
  const [ranked] = rankOffers([offer], work, limits, () => DEFAULT_CALIBRATION).ranked;
  if (!ranked) throw new Error('the example offer can do the example job');
  return ranked;
}

describe('the terms that are proposed for a machine', () => {
  it('are whole and allow that machine, its dearest course, and one that goes wrong before it', () => {
    const ranked = rank();
    const terms = proposedTerms(ranked, WISH);
    expect(rentalTermsSchema.parse(terms)).toEqual(terms);
    const { nanoUsdPerHour, highNanoUsd, totalMs } = ranked.estimate;
    expect(terms.mostNanoUsdPerHour).toBeGreaterThan(nanoUsdPerHour);
    expect(terms.mostNanoUsd).toBeGreaterThanOrEqual(2 * highNanoUsd);
    expect(terms.mostMs).toBeGreaterThanOrEqual(4 * totalMs);
    // The keeper ranks within them again: what was shown must not be refused then.
    expect(rank(exampleWork(), { ...DEFAULT_OFFER_LIMITS, mostTotalNanoUsd: terms.mostNanoUsd })).toEqual(ranked);
  });

  it('are never so narrow that a small job fails on the first slow minute', () => {
    const small = rank(exampleWork({ sourceBytes: 1e6, baseBytes: 1e6, broughtHomeBytes: 1e6, parameterCount: 1e6 }));
    expect(proposedTerms(small, WISH)).toMatchObject({ mostMs: 7_200_000, mostNanoUsd: 500_000_000 });
  });

  it('keep to what the person asked the market for', () => {
    const wished = { ...WISH, countries: ['SE'], isDatacenterOnly: true, leastDownBitsPerSecond: 200_000_000 };
    expect(proposedTerms(rank(), wished)).toMatchObject({
      offerId: exampleOffer().id,
      countries: ['SE'],
      isDatacenterOnly: true,
      leastDownBitsPerSecond: 200_000_000,
      afterwards: 'destroy',
    });
  });

  it('ask for no more money than the person said that the job may cost', () => {
    const ranked = rank();
    const mostTotalNanoUsd = ranked.estimate.highNanoUsd + 1;
    expect(proposedTerms(ranked, { ...WISH, mostTotalNanoUsd }).mostNanoUsd).toBe(mostTotalNanoUsd);
    const plenty = proposedTerms(ranked, { ...WISH, mostTotalNanoUsd: 100 * ranked.estimate.highNanoUsd });
    expect(plenty.mostNanoUsd).toBe(proposedTerms(ranked, WISH).mostNanoUsd);
  });

  it('can be agreed to as they are, whether a machine is free or beyond all means', () => {
    const free = { baseNanoUsdPerHour: 0, storageNanoUsdPerGbMonth: 0, downNanoUsdPerGb: 0, upNanoUsdPerGb: 0 };
    const gift = rank(exampleWork(), DEFAULT_OFFER_LIMITS, exampleOffer(free));
    const terms = proposedTerms(gift, { ...WISH, mostTotalNanoUsd: 0 });
    expect(rentalTermsSchema.parse(terms)).toMatchObject({ mostNanoUsdPerHour: 10_000_000, mostNanoUsd: 1 });
    const endless = exampleOffer({ baseNanoUsdPerHour: 90_000_000_000, availableMs: null, diskBytes: 1e15 });
    const monster = exampleWork({ sourceBytes: 4e13, parameterCount: 1e13 });
    const dear = proposedTerms(rank(monster, DEFAULT_OFFER_LIMITS, endless), WISH);
    expect(rentalTermsSchema.parse(dear)).toMatchObject(RENTAL_LIMITS);
  });
});
