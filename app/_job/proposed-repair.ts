import type { JobDetail } from '../../lib/domain/views';

/** Whether the job stopped with a repair on offer that lets it go on. */
export function hasProposedRepair(job: JobDetail): boolean {
  return Object.keys(job.proposedPatch ?? {}).length > 0 || job.proposedFileRepairs.length > 0;
}
