import * as z from 'zod';
import { type ConfigPatch, configPatchSchema, conversionSpecSchema } from '../domain/conversion-spec';
import { FailureError } from '../domain/failure';
import { fileRepairSchema } from '../domain/file-repair';
import { toRequiredJson } from '../store/json-column';
import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';
import { isUnfinished, requeueJob, requireRetryable } from './requeue-job';

/**
 * Approves a repair, the proposed one where no other is given, and queues the job again from the inspection on. Nothing
 * made from the unrepaired checkpoint is kept. Throws `not-found`, `conflict`, `invalid-input`.
 */
export async function approveRepair(jobId: string, patch?: ConfigPatch): Promise<void> {
  const given = patch === undefined ? null : parseInput(configPatchSchema, patch);
  await writeTransaction(async (transaction) => {
    const job = await requireRetryable(transaction, jobId);
    const approved = given ?? configPatchSchema.nullable().parse(job.proposedPatch) ?? {};
    const files = z.array(fileRepairSchema).nullable().parse(job.proposedFiles) ?? [];
    if (Object.keys(approved).length === 0 && files.length === 0) {
      throw new FailureError('conflict', 'There is no repair to approve for this job.');
    }
    const spec = conversionSpecSchema.parse(job.spec);
    const repaired = {
      ...spec,
      configPatch: { ...spec.configPatch, ...approved },
      fileRepairs: [...spec.fileRepairs, ...files],
    };
    await transaction.job.update({ where: { id: jobId }, data: { spec: toRequiredJson(repaired) } });
    const steps = await transaction.step.findMany({ where: { jobId } });
    const inspection = steps.find(({ key }) => key === 'inspect-model');
    // All that follows the inspection stands on it; what does not may have been stopped when the job was.
    const again = steps.filter((step) => isUnfinished(step) || step.ordinal >= (inspection?.ordinal ?? 0));
    await requeueJob(transaction, { jobId, steps: again });
  });
  wake();
}
