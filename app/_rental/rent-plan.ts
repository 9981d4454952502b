import { placeName } from '../../lib/domain/place-name';
import type { QuantizationType } from '../../lib/domain/quantization-types';
import type { RankedOffer } from '../../lib/domain/rank-offers';
import type { RentalTerms } from '../../lib/domain/rental';
import type { RentalEstimate } from '../../lib/domain/rental-estimate';
import { imageOf } from '../../lib/domain/rental-image';

/** What a job needs a machine for, whichever one it will be. */
export interface RentedWork {
  readonly checkId: string;
  readonly model: string;
  readonly outputs: readonly QuantizationType[];
  /** What the month's limit leaves, less what machines that are rented now may come to; null for no limit. */
  readonly monthLeftNanoUsd: number | null;
  /** The model needs the repair that its check proposes. */
  readonly needsRepair: boolean;
}

/** What a person is asked to agree to: the machine to begin with, what is expected, and the limits. */
export interface RentPlan extends RentedWork {
  readonly offerId: string;
  readonly machine: string;
  readonly estimate: Pick<
    RentalEstimate,
    'image' | 'totalNanoUsd' | 'lowNanoUsd' | 'highNanoUsd' | 'totalMs' | 'diskGb' | 'nanoUsdPerHour'
  >;
  readonly terms: RentalTerms;
}

/** Puts an offer and its proposed terms before a person. */
export function rentPlanOf(work: RentedWork, { offer, estimate }: RankedOffer, terms: RentalTerms): RentPlan {
  const { totalNanoUsd, lowNanoUsd, highNanoUsd, totalMs, diskGb, nanoUsdPerHour } = estimate;
  const image = imageOf(estimate);
  return {
    ...work,
    offerId: offer.id,
    machine: [placeName(offer.place) ?? 'Somewhere', offer.gpuName, `${Math.round(offer.cores * 10) / 10} cores`]
      .filter((part) => part !== null)
      .join(' · '),
    estimate: { image, totalNanoUsd, lowNanoUsd, highNanoUsd, totalMs, diskGb, nanoUsdPerHour },
    terms,
  };
}

/** Dollars for a field that a person edits: no more digits than money has here, and no fewer than it needs. */
export function usdText(amountNanoUsd: number): string {
  const usd = amountNanoUsd / 1e9;
  return usd >= 1 ? usd.toFixed(2) : usd.toFixed(3).replace(/0$/, '');
}

/** Hours for a field that a person edits. */
export function hoursText(durationMs: number): string {
  return String(Math.round(durationMs / 36_000) / 100);
}
