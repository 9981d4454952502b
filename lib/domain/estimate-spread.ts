import { DEFAULT_CALIBRATION, type RentalCalibration } from './rental-calibration';
import type { RentalEstimate } from './rental-estimate';
import { expectedMs, type MeasuredPart, type RentalOutcome } from './rental-outcome';

/** Between which multiples of an estimate the real time is expected. */
export type EstimateSpread = Pick<RentalCalibration, 'fastFactor' | 'slowFactor'>;

/** Fewer jobs than this show no spread. */
const LEAST_JOBS = 5;
/** Of the jobs, one in ten is let be quicker than the range and one in ten slower: an odd one must not decide it. */
const OUTSIDE_SHARE = 0.1;
/** However well the last jobs agreed, the next machine is another one; however badly, a range must still say something. */
const FAST_BOUNDS = [0.4, 0.9] as const;
const SLOW_BOUNDS = [1.2, 4] as const;
/** A job of which less was measured says little about the whole. */
const LEAST_MEASURED_SHARE = 0.5;

/**
 * How far jobs were off, as the range for the next: the quantiles of actual by predicted time. The estimate's middle is moved
 * by experience already, so each job has to be held against what the *others* would have predicted of it.
 * @param ratios one for each job, of `actualShare`
 */
export function spreadOf(ratios: readonly number[]): EstimateSpread {
  const { fastFactor, slowFactor } = DEFAULT_CALIBRATION;
  if (ratios.length < LEAST_JOBS) return { fastFactor, slowFactor };
  const sorted = [...ratios].sort((a, b) => a - b);
  return {
    fastFactor: within(FAST_BOUNDS, quantile(sorted, OUTSIDE_SHARE)),
    slowFactor: within(SLOW_BOUNDS, quantile(sorted, 1 - OUTSIDE_SHARE)),
  };
}

/**
 * How many times longer than predicted a job took, over the parts that were measured of it; null when that is too little of
 * it. The parts and not the whole from asking to giving back: a night in which a failed job waited for somebody, or a
 * machine that was kept, would make a range of nothing but people's habits.
 */
export function actualShare({ times }: Pick<RentalOutcome, 'times'>, predicted: RentalEstimate): number | null {
  let actualMs = 0;
  let predictedMs = 0;
  for (const [part, ms] of Object.entries(times) as [MeasuredPart, number | null][]) {
    if (ms === null) continue;
    actualMs += ms;
    predictedMs += expectedMs(part, predicted.times);
  }
  return actualMs > 0 && predictedMs >= LEAST_MEASURED_SHARE * predicted.totalMs ? actualMs / predictedMs : null;
}

/**
 * A quantile of so few values as there are here: the extremes of a handful lie further in than those of what it stands for,
 * so positions are counted as if there were one value more (Weibull), and end at the outermost one.
 */
function quantile(sorted: readonly number[], share: number): number {
  const position = Math.min(sorted.length - 1, Math.max(0, share * (sorted.length + 1) - 1));
  const lower = sorted[Math.floor(position)] as number;
  const upper = sorted[Math.ceil(position)] as number;
  return lower + (upper - lower) * (position - Math.floor(position));
}

function within([least, most]: readonly [number, number], value: number): number {
  return Math.min(most, Math.max(least, value));
}
