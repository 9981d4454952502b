import type { CalibrationOf } from './calibrate';
import { formatDuration } from './duration';
import { costOfTime, formatUsd } from './money';
import type { Offer } from './offer';
import { type OfferLimits, type OfferProblem, offerProblems } from './offer-problem';
import type { RentalCalibration } from './rental-calibration';
import { estimateRental, type RentalCosts, type RentalEstimate } from './rental-estimate';
import { RENTAL_IMAGE_NAMES, type RentalImageName } from './rental-image';
import type { RentalWork } from './rental-work';

export interface RankedOffer {
  readonly offer: Offer;
  readonly estimate: RentalEstimate;
  /** Money, the worth of the waiting and the risk of having to begin again, in billionths of a dollar. Lower is better. */
  readonly scoreNanoUsd: number;
  /** Shares of the advertised line that are counted on. */
  readonly downShare: number;
  readonly upShare: number;
}

export interface OfferRanking {
  /** Best first. */
  readonly ranked: readonly RankedOffer[];
  readonly refused: readonly { readonly offer: Offer; readonly problems: readonly OfferProblem[] }[];
  /** Why the first is first, in one sentence; null when nothing is left. */
  readonly reason: string | null;
}

/** Below it no machine is trusted less than by half. */
const LEAST_RELIABILITY = 0.5;

/** Orders offers by what this job costs on each, with the worth of waiting; the order never depends on the order given. */
export function rankOffers(
  offers: readonly Offer[],
  work: RentalWork,
  limits: OfferLimits,
  calibrationOf: CalibrationOf,
  images: readonly RentalImageName[] = RENTAL_IMAGE_NAMES,
): OfferRanking {
  const ranked: RankedOffer[] = [];
  const refused: { offer: Offer; problems: OfferProblem[] }[] = [];
  for (const offer of new Map(offers.map((each) => [each.id, each])).values()) {
    const problems = offerProblems(offer, work, limits);
    const calibration = calibrationOf(offer);
    const estimate = estimateRental(offer, work, calibration, images);
    problems.push(...estimateProblems(offer, estimate, limits));
    if (problems.length > 0 || estimate === null) refused.push({ offer, problems });
    else ranked.push(rankedOffer(offer, estimate, calibration));
  }
  ranked.sort((a, b) => a.scoreNanoUsd - b.scoreNanoUsd || compareIds(a.offer.id, b.offer.id));
  refused.sort((a, b) => a.problems.length - b.problems.length || compareIds(a.offer.id, b.offer.id));
  const [first, second] = ranked;
  return {
    ranked,
    refused,
    reason: first ? reasonFor(first, second ?? null, work) : null,
  };
}

function rankedOffer(offer: Offer, estimate: RentalEstimate, calibration: RentalCalibration): RankedOffer {
  const { downShare, upShare } = calibration;
  return { offer, estimate, scoreNanoUsd: scoreOf(offer, estimate, calibration), downShare, upShare };
}

function estimateProblems(offer: Offer, estimate: RentalEstimate | null, limits: OfferLimits): OfferProblem[] {
  if (estimate === null) return [{ code: 'no-estimate', actual: null, needed: null }];
  const problems: OfferProblem[] = [];
  const neededMs = limits.durationFactor * estimate.totalMs;
  if (offer.availableMs !== null && offer.availableMs < neededMs) {
    problems.push({ code: 'ends-too-soon', actual: offer.availableMs, needed: neededMs });
  }
  if (limits.mostTotalNanoUsd !== null && estimate.highNanoUsd > limits.mostTotalNanoUsd) {
    problems.push({ code: 'too-dear', actual: estimate.highNanoUsd, needed: limits.mostTotalNanoUsd });
  }
  return problems;
}

function scoreOf(offer: Offer, estimate: RentalEstimate, calibration: RentalCalibration): number {
  const risk = Math.max(LEAST_RELIABILITY, Math.min(1, offer.reliability));
  return Math.round(estimate.totalNanoUsd / risk) + costOfTime(calibration.waitingNanoUsdPerHour, estimate.totalMs);
}

/** Ids are numbers as text; the shorter is the smaller. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

const PART_WORDS: Readonly<Record<keyof RentalCosts, string>> = {
  computeNanoUsd: 'the machine itself',
  diskNanoUsd: 'its disk',
  downloadNanoUsd: 'traffic into it',
  uploadNanoUsd: 'traffic out of it',
};

function reasonFor(first: RankedOffer, second: RankedOffer | null, { sourceFrom }: RentalWork): string {
  const { totalNanoUsd, totalMs, times } = first.estimate;
  const sending =
    sourceFrom === 'dashboard'
      ? `, ${formatDuration(times.downloadMs)} of it to send the checkpoint over the dashboard's own line`
      : '';
  const what = `about ${formatUsd(totalNanoUsd)} and ${formatDuration(totalMs)} in all${sending}`;
  if (second === null) return `It is the only machine that can do this job: ${what}.`;
  const saved = second.estimate.totalNanoUsd - totalNanoUsd;
  const sooner = second.estimate.totalMs - totalMs;
  if (saved <= 0 && sooner <= 0) return `It costs hardly more than the next one and fails less often: ${what}.`;
  if (saved <= 0) {
    return `It is done ${formatDuration(sooner)} sooner than the next one, for ${formatUsd(-saved)} more: ${what}.`;
  }
  const part = largestGain(first.estimate.costs, second.estimate.costs);
  const time = sooner >= 0 ? '' : `, though it takes ${formatDuration(-sooner)} longer`;
  return `It is ${formatUsd(saved)} cheaper than the next one, mostly for ${PART_WORDS[part]}${time}: ${what}.`;
}

/** The part in which the first costs less than the second by most. */
function largestGain(first: RentalCosts, second: RentalCosts): keyof RentalCosts {
  const parts = Object.keys(PART_WORDS) as (keyof RentalCosts)[];
  return parts.reduce((best, part) => (second[part] - first[part] > second[best] - first[best] ? part : best));
}
