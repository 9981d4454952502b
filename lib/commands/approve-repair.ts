import * as z from 'zod';
import { type ConfigPatch, configPatchSchema, conversionSpecSchema } from '../domain/conversion-spec';
import { FailureError } from '../domain/failure';
import { type FileRepair, fileRepairSchema } from '../domain/file-repair';
import { type Answers, answersSchema } from '../domain/model-check';
import type { InspectionView } from '../domain/views';
import { fromJson, toRequiredJson } from '../store/json-column';
import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';
import { refuseWrongAnswers } from './refuse-answers';
import { requeueJob, requireRetryable, stepsAgainFrom } from './requeue-job';

const approvalSchema = z.object({ patch: configPatchSchema.optional(), answers: answersSchema.default({}) });

/**
 * Approves a repair, the proposed one where no other is given, together with answers to what nobody could prove, and
 * queues the job again from the inspection on. Nothing made from the unrepaired checkpoint is kept. Throws `not-found`,
 * `conflict`, `answer-contradicts-tensors`, `invalid-input`.
 */
export async function approveRepair(
  jobId: string,
  approval: { patch?: ConfigPatch | undefined; answers?: Answers | undefined } = {},
): Promise<void> {
  const { patch, answers } = parseInput(approvalSchema, approval);
  await writeTransaction(async (transaction) => {
    const job = await requireRetryable(transaction, jobId);
    refuseWrongAnswers(fromJson<InspectionView>(job.inspection)?.questions ?? [], answers);
    const approved = { ...(patch ?? configPatchSchema.nullable().parse(job.proposedPatch) ?? {}), ...answers };
    const files = z.array(fileRepairSchema).nullable().parse(job.proposedFiles) ?? [];
    if (Object.keys(approved).length === 0 && files.length === 0) {
      throw new FailureError('conflict', 'There is no repair to approve for this job.');
    }
    const spec = conversionSpecSchema.parse(job.spec);
    const repaired = {
      ...spec,
      configPatch: { ...spec.configPatch, ...approved },
      answeredFields: [...new Set([...spec.answeredFields, ...Object.keys(answers)])],
      fileRepairs: withoutDoubles([...spec.fileRepairs, ...files]),
    };
    await transaction.job.update({ where: { id: jobId }, data: { spec: toRequiredJson(repaired) } });
    const steps = await transaction.step.findMany({ where: { jobId } });
    const inspection = steps.find(({ key }) => key === 'inspect-model');
    // All that follows the inspection stands on it.
    await requeueJob(transaction, { jobId, steps: stepsAgainFrom(steps, inspection?.ordinal ?? 0) });
  });
  wake();
}

/** A job that stopped twice proposes what was approved already once more. */
function withoutDoubles(repairs: readonly FileRepair[]): FileRepair[] {
  return [...new Map(repairs.map((repair) => [JSON.stringify(repair), repair])).values()];
}
