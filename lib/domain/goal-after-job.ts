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

/**
 * What becomes of the machine of a job that was canceled or failed; null leaves it as it is. One that nothing is on is
 * given back. After a failure the disk is kept, whatever was agreed for the end of the work: the intermediate files are the
 * expensive part, and a retry starts the machine again; but nobody may be there until the morning, so it does not run on.
 * Unsaved files are never given away here, only their machine is stopped.
 */
export function goalAfterJob({ end, afterwards, wasReady, unsavedCount }: EndedRentedJob): RentalGoal | null {
  if (!wasReady) return 'gone';
  if (afterwards === 'keep') return null;
  const mayGo = end === 'canceled' && afterwards === 'destroy' && unsavedCount === 0;
  return mayGo ? 'gone' : 'stopped';
}
