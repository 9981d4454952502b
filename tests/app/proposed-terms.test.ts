import { describe, expect, it } from 'vitest';
import { proposedTerms } from '../../app/_rental/proposed-terms';
import { DEFAULT_OFFER_LIMITS } from '../../lib/domain/offer-problem';
import { rankOffers } from '../../lib/domain/rank-offers';
import { rentalTermsSchema } from '../../lib/domain/rental';
import { DEFAULT_CALIBRATION } from '../../lib/domain/rental-calibration';
import { exampleOffer, exampleWork } from '../support/rental-examples';

const FILTER = {
  outputs: ['Q4_K_M'],
  sort: 'best',
  country: null,
  isDatacenterOnly: false,
  leastLineMbits: 500,
  mostUsd: null,
} as const;

function rank(work = exampleWork(), limits = DEFAULT_OFFER_LIMITS) {
  const [ranked] = rankOffers([exampleOffer()], work, limits, () => DEFAULT_CALIBRATION).ranked;
  if (!ranked) throw new Error('the example offer can do the example job');
  return ranked;
}

describe('the terms that are proposed for a machine', () => {
  it('are whole and allow that machine, its dearest course, and one that goes wrong before it', () => {
    const ranked = rank();
    const terms = proposedTerms(ranked, FILTER);
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
    expect(proposedTerms(small, FILTER)).toMatchObject({ mostMs: 7_200_000, mostNanoUsd: 500_000_000 });
  });

  it('keep to what the person asked the market for', () => {
    const wished = { ...FILTER, country: 'SE', isDatacenterOnly: true, leastLineMbits: 200 };
    expect(proposedTerms(rank(), wished)).toMatchObject({
      offerId: exampleOffer().id,
      countries: ['SE'],
      isDatacenterOnly: true,
      leastDownBitsPerSecond: 200_000_000,
      afterwards: 'destroy',
    });
  });
});
