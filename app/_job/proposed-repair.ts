import { hasChanges } from '../../lib/domain/has-changes';
import type { JobDetail } from '../../lib/domain/views';

/** Whether the job stopped with a repair on offer, or a question, that lets it go on. */
export function hasProposedRepair({ proposedPatch, proposedFileRepairs, inspection }: JobDetail): boolean {
  const isAsked = (inspection?.questions ?? []).length > 0;
  return isAsked || hasChanges({ patch: proposedPatch ?? {}, files: proposedFileRepairs });
}
