import { FailureError } from '../domain/failure';
import { canMoveJob, type JobStatus } from '../domain/status';
import { toJson } from '../store/json-column';
import { appendToOutbox } from '../store/outbox';
import type { Transaction } from '../store/write-transaction';
import { requireInstance, requireJob } from './require-row';

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
 * Puts an ended job back into the queue, with the steps from `fromOrdinal` on as if they had never run, except those that
 * succeeded and may be kept. Attempts and logs stay: they are the record of what happened. The epoch stays too.
 */
export async function requeueJob(
  transaction: Transaction,
  request: { jobId: string; fromOrdinal: number; keepSucceeded: boolean },
): Promise<void> {
  const { jobId, fromOrdinal, keepSucceeded } = request;
  await transaction.step.updateMany({
    where: { jobId, ordinal: { gte: fromOrdinal }, ...(keepSucceeded ? { status: { not: 'succeeded' } } : {}) },
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
 * Where a retry begins: the first step that is not done. When all are, the job failed because its files were not proven
 * to work; then the proof is made again.
 */
export async function retryPoint(
  transaction: Transaction,
  jobId: string,
): Promise<{ fromOrdinal: number; keepSucceeded: boolean }> {
  const steps = await transaction.step.findMany({ where: { jobId }, orderBy: { ordinal: 'asc' } });
  const unfinished = steps.find(({ status }) => status !== 'succeeded' && status !== 'skipped');
  if (unfinished) return { fromOrdinal: unfinished.ordinal, keepSucceeded: true };
  return { fromOrdinal: steps.find(({ key }) => key === 'verify')?.ordinal ?? 0, keepSucceeded: false };
}
