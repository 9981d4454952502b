import {
  type ConversionSpec,
  conversionSpecSchema,
  type NewConversion,
  newConversionSchema,
} from '../domain/conversion-spec';
import { JOB_DEFINITION_VERSION, stepsOf } from '../domain/job-steps';
import { sourceName } from '../domain/source';
import { createId } from '../store/create-id';
import { toRequiredJson } from '../store/json-column';
import { appendToOutbox } from '../store/outbox';
import { wake } from '../store/runtime';
import { type Transaction, writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';
import { requireInstance } from './require-row';

/**
 * Queues a conversion on an instance that is there. Throws `invalid-input`, or `not-found` when there is no such instance.
 */
export async function createJob(input: NewConversion): Promise<{ jobId: string }> {
  const spec = conversionSpecSchema.parse(parseInput(newConversionSchema, input));
  const jobId = await writeTransaction((transaction) => queueConversion(transaction, spec));
  wake();
  return { jobId };
}

/** Writes a checked job with its steps; `not-found` when there is no such instance. Answers with its id. */
export async function queueConversion(transaction: Transaction, spec: ConversionSpec): Promise<string> {
  const jobId = createId();
  const steps = stepsOf(spec).map(({ key, title }, ordinal) => ({ id: createId(), ordinal, key, title }));
  await requireInstance(transaction, spec.instanceId);
  await transaction.job.create({
    data: {
      id: jobId,
      name: spec.name || sourceName(spec.source),
      definitionVersion: JOB_DEFINITION_VERSION,
      spec: toRequiredJson(spec),
      instanceId: spec.instanceId,
      steps: { create: steps },
    },
  });
  await appendToOutbox(transaction, 'job', jobId);
  // The instance's page counts its jobs.
  await appendToOutbox(transaction, 'instance', spec.instanceId);
  return jobId;
}
