import { FailureError } from '../domain/failure';
import type { Transaction } from '../store/write-transaction';

/** The job of this id. Throws `not-found`. */
export async function requireJob(transaction: Transaction, jobId: string) {
  const job = await transaction.job.findUnique({ where: { id: jobId } });
  if (!job) throw new FailureError('not-found', 'There is no such job.', { remedy: 'It may have been deleted.' });
  return job;
}

/** The instance of this id that was not removed. Throws `not-found`. */
export async function requireInstance(transaction: Transaction, instanceId: string) {
  const instance = await transaction.instance.findFirst({ where: { id: instanceId, deletedAt: null } });
  if (!instance)
    throw new FailureError('not-found', 'There is no such instance.', { remedy: 'It may have been removed.' });
  return instance;
}
