import { type ConversionSpec, conversionSpecSchema } from '../domain/conversion-spec';
import type { Failure } from '../domain/failure';
import type { JobStatus, StepStatus } from '../domain/status';
import type { StepKey } from '../domain/step-key';
import { type AttemptRecord, toAttemptRecord } from './attempt-ledger';
import { fromJson } from './json-column';
import { runtime } from './runtime';

/** A job as its worker needs it. The same shape as the pipeline's. */
export interface JobRecord {
  readonly id: string;
  readonly name: string;
  readonly status: JobStatus;
  readonly definitionVersion: number;
  readonly spec: ConversionSpec;
  readonly instanceId: string;
  readonly cancelRequested: boolean;
  readonly commit: string | null;
  readonly steps: readonly StepRecord[];
}

export interface StepRecord {
  readonly id: string;
  readonly key: StepKey;
  readonly ordinal: number;
  readonly status: StepStatus;
  readonly result: unknown;
  readonly failure: Failure | null;
  /** The newest attempt, ended or not. */
  readonly attempt: AttemptRecord | null;
  readonly isAgain: boolean;
}

/** The job with its steps in order. Throws when there is no such job. */
export async function loadJob(jobId: string): Promise<JobRecord> {
  const row = await runtime().client.job.findUniqueOrThrow({
    where: { id: jobId },
    include: {
      steps: { orderBy: { ordinal: 'asc' }, include: { attempts: { orderBy: { number: 'desc' }, take: 1 } } },
    },
  });
  return {
    id: row.id,
    name: row.name,
    status: row.status as JobStatus,
    definitionVersion: row.definitionVersion,
    spec: conversionSpecSchema.parse(row.spec),
    instanceId: row.instanceId,
    cancelRequested: row.cancelRequestedAt !== null,
    commit: row.commit,
    steps: row.steps.map((step) => ({
      id: step.id,
      key: step.key as StepKey,
      ordinal: step.ordinal,
      status: step.status as StepStatus,
      result: step.result,
      failure: step.status === 'failed' ? fromJson<Failure>(step.failure) : null,
      attempt: step.attempts[0] ? toAttemptRecord(step.attempts[0]) : null,
      isAgain: step.isAgain,
    })),
  };
}
