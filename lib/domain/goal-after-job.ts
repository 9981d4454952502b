import type { RentalAfterwards, RentalGoal } from './rental';

/** How a job on a rented machine came to a bad end, and what stands there. */
export interface EndedRentedJob {
  readonly end: 'canceled' | 'failed';
  readonly afterwards: RentalAfterwards;
  /** Whether the machine ever answered: before that nothing of the job's is on it. */
  readonly wasReady: boolean;
  /** Files that were made and are on that machine alone. */
  readonly unsavedCount: number;
}

const GOALS: Readonly<Record<RentalAfterwards, RentalGoal | null>> = { destroy: 'gone', stop: 'stopped', keep: null };

/**
 * What becomes of the machine of a job that was canceled or failed; null leaves it as it is, to the person and to the
 * keeper of rentals, who does not let it run for nobody. One that nothing is on is given back. After a failure it stays:
 * a retry needs what was made so far, and may come soon. So it does with a file that is nowhere else.
 */
export function goalAfterJob({ end, afterwards, wasReady, unsavedCount }: EndedRentedJob): RentalGoal | null {
  if (!wasReady) return 'gone';
  return end === 'failed' || unsavedCount > 0 ? null : GOALS[afterwards];
}
