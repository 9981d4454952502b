import type { Offer } from './offer';
import { diskNeedGb, type RentalWork } from './rental-work';

/** Why an offer cannot do a job, as closed codes; `app/_copy` has the words. */
export const OFFER_PROBLEMS = [
  'not-verified',
  'not-rentable',
  'already-rented',
  'not-on-demand',
  'wrong-cpu',
  'no-avx',
  'no-direct-port',
  'disk-too-small',
  'memory-too-small',
  'line-too-slow',
  'not-reliable',
  'machine-avoided',
  'too-dear',
  'ends-too-soon',
  'no-estimate',
] as const;
export type OfferProblemCode = (typeof OFFER_PROBLEMS)[number];

export interface OfferProblem {
  readonly code: OfferProblemCode;
  /** In the unit of the code (bytes, bits per second, share, milliseconds, billionths of a dollar); null without one. */
  readonly actual: number | null;
  readonly needed: number | null;
}

export interface OfferLimits {
  readonly leastDownBitsPerSecond: number;
  /** 0..1. Below 0.97 machines fail on the way often enough to cost more than they save. */
  readonly leastReliability: number;
  /** Machines that went wrong before. */
  readonly avoidedMachineIds: ReadonlySet<string>;
  readonly mostTotalNanoUsd: number | null;
  /** An offer must be there for this many times the estimate. */
  readonly durationFactor: number;
}

export const DEFAULT_OFFER_LIMITS: OfferLimits = {
  leastDownBitsPerSecond: 500_000_000,
  leastReliability: 0.97,
  avoidedMachineIds: new Set(),
  mostTotalNanoUsd: null,
  durationFactor: 4,
};

/**
 * Everything that speaks against an offer, whatever it was searched with: a provider does not always apply the filters it
 * was given. Empty when the machine can do the job.
 */
export function offerProblems(offer: Offer, work: RentalWork, limits: OfferLimits): OfferProblem[] {
  const diskBytes = diskNeedGb(work) * 1_000_000_000;
  const problems: OfferProblem[] = [];
  const refuse = (
    isBad: boolean,
    code: OfferProblemCode,
    actual: number | null = null,
    needed: number | null = null,
  ) => {
    if (isBad) problems.push({ code, actual, needed });
  };
  refuse(!offer.isVerified, 'not-verified');
  refuse(!offer.isRentable, 'not-rentable');
  refuse(offer.isRented, 'already-rented');
  refuse(!offer.isOnDemand, 'not-on-demand');
  refuse(offer.cpuArchitecture !== null && offer.cpuArchitecture !== 'amd64', 'wrong-cpu');
  refuse(!offer.hasAvx, 'no-avx');
  refuse(offer.directPortCount < 1, 'no-direct-port', offer.directPortCount, 1);
  refuse(offer.diskBytes < diskBytes, 'disk-too-small', offer.diskBytes, diskBytes);
  refuse(offer.memoryBytes < work.memoryBytes, 'memory-too-small', offer.memoryBytes, work.memoryBytes);
  const { leastDownBitsPerSecond, leastReliability } = limits;
  const isSlow = offer.downBitsPerSecond < leastDownBitsPerSecond;
  refuse(isSlow, 'line-too-slow', offer.downBitsPerSecond, leastDownBitsPerSecond);
  refuse(offer.reliability < leastReliability, 'not-reliable', offer.reliability, leastReliability);
  refuse(limits.avoidedMachineIds.has(offer.machineId), 'machine-avoided');
  return problems;
}
