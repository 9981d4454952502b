import type { Prisma } from './generated/client';
import { appendToOutbox } from './outbox';
import { type Transaction, writeTransaction } from './write-transaction';

/** Proof of ownership of a job. The same shape as the pipeline's. */
export interface Lease {
  readonly jobId: string;
  readonly epoch: number;
}

/** Throws the error by which a worker knows that another one has its job. Told by name: the pipeline asks `isLeaseLost`. */
export function leaseLost(jobId: string): never {
  const error = new Error(`the lease of job ${jobId} went to another worker`);
  error.name = 'LeaseLostError';
  throw error;
}

/**
 * One write by the owner of a job: checks the epoch, counts the job's sequence up, does the work and notes the change for
 * browsers, all or nothing. Throws LeaseLostError, with nothing changed, when the epoch is old.
 *
 * @param changes columns of the job that change as well.
 */
export function fencedWrite<T>(
  lease: Lease,
  changes: Prisma.JobUpdateManyMutationInput,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return writeTransaction(async (transaction) => {
    const fenced = await transaction.job.updateMany({
      where: { id: lease.jobId, epoch: lease.epoch },
      data: { ...changes, sequence: { increment: 1 } },
    });
    if (fenced.count === 0) leaseLost(lease.jobId);
    const result = await work(transaction);
    await appendToOutbox(transaction, 'job', lease.jobId);
    return result;
  });
}
