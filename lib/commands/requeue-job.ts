import { FailureError } from '../domain/failure';
import { canMoveJob, type JobStatus } from '../domain/status';
import { quantizationOf, stepKindOf } from '../domain/step-key';
import { toJson } from '../store/json-column';
import { appendToOutbox } from '../store/outbox';
import type { Transaction } from '../store/write-transaction';
import { withRental } from './rent-again';
import { requireInstance, requireJob } from './require-row';

interface StoredStep {
  readonly id: string;
  readonly key: string;
  readonly ordinal: number;
  readonly status: string;
}

/** Refuses to queue a job again that has not ended, that succeeded, or whose instance is gone. */
export async function requireRetryable(transaction: Transaction, jobId: string) {
  const job = await requireJob(transaction, jobId);
  if (!canMoveJob(job.status as JobStatus, 'queued')) {
    throw new FailureError(
      'conflict',
      `Only a job that failed or was canceled can be retried; this one is ${job.status}.`,
    );
  }
  await requireInstance(transaction, job.instanceId);
  return job;
}

/**
 * Puts an ended job back into the queue, with these steps as if they had never run. Attempts and logs stay: they are the
 * record of what happened. The epoch stays too. A job whose rented machine is gone gets another one.
 */
export async function requeueJob(
  transaction: Transaction,
  request: { jobId: string; steps: readonly Pick<StoredStep, 'id'>[] },
): Promise<void> {
  const { jobId } = request;
  const steps = await withRental(transaction, jobId, request.steps);
  await transaction.step.updateMany({
    where: { jobId, id: { in: steps.map(({ id }) => id) } },
    data: {
      status: 'queued',
      progress: toJson(null),
      note: null,
      result: toJson(null),
      failure: toJson(null),
      skippedReason: null,
      startedAt: null,
      finishedAt: null,
    },
  });
  await transaction.job.update({
    where: { id: jobId },
    data: {
      status: 'queued',
      failure: toJson(null),
      cancelRequestedAt: null,
      unreachableSince: null,
      finishedAt: null,
      owner: null,
      leaseUntilMs: 0,
      sequence: { increment: 1 },
    },
  });
  await appendToOutbox(transaction, 'job', jobId);
}

/**
 * What a retry does again: every step that is not done, wherever in the graph it is. When all are, the job failed because
 * files were not proven to work; then the proof of those is made again.
 */
export async function stepsToRetry(transaction: Transaction, jobId: string): Promise<StoredStep[]> {
  const steps = await transaction.step.findMany({ where: { jobId } });
  const unfinished = steps.filter(isUnfinished);
  if (unfinished.length > 0) return unfinished;
  const working = await transaction.artifact.findMany({ where: { jobId, verdict: 'works' }, select: { type: true } });
  const proven = new Set(working.map(({ type }) => type));
  return steps.filter(({ key }) => stepKindOf(key) === 'verify' && !proven.has(quantizationOf(key) ?? ''));
}

/** All from an ordinal on, and what was not finished before it: it may have been stopped when the job was. */
export function stepsAgainFrom(steps: readonly StoredStep[], ordinal: number): StoredStep[] {
  return steps.filter((step) => isUnfinished(step) || step.ordinal >= ordinal);
}

function isUnfinished({ status }: StoredStep): boolean {
  return status !== 'succeeded' && status !== 'skipped';
}
