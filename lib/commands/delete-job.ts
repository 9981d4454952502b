import { rm } from 'node:fs/promises';
import { FailureError } from '../domain/failure';
import { isTerminal, type JobStatus } from '../domain/status';
import { artifactFolder, jobFolder } from '../store/data-layout';
import { appendToOutbox } from '../store/outbox';
import { runtime, wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { requireJob } from './require-row';

/**
 * Deletes an ended job with its logs, samples and the files on the dashboard's disk. Files on the host stay. Throws
 * `not-found`, or `conflict` while the job has not ended, one of its files is being copied, or the machine that was rented
 * for it is not given back: nobody would know any more what is on that.
 */
export async function deleteJob(jobId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    const job = await requireJob(transaction, jobId);
    if (!isTerminal(job.status as JobStatus)) {
      throw new FailureError('conflict', `The job is ${job.status}.`, { remedy: 'Cancel it first.' });
    }
    const copying = await transaction.artifact.findFirst({ where: { jobId, bringHomeState: 'running' } });
    if (copying)
      throw new FailureError('conflict', `${copying.fileName} is being brought home.`, {
        remedy: 'Try again when it has arrived.',
      });
    const rental = await transaction.rental.findUnique({ where: { instanceId: job.instanceId } });
    if (rental && rental.state !== 'ended')
      throw new FailureError('conflict', 'The machine that was rented for this job is not given back yet.', {
        remedy: 'Give it back first, on its own page, and wait until that is proven.',
      });
    await transaction.job.delete({ where: { id: jobId } });
    await appendToOutbox(transaction, 'job', jobId);
    await appendToOutbox(transaction, 'instance', job.instanceId);
  });
  const { dataFolder } = runtime();
  // After the rows: a file without a row is waste, a row without its file would be a lie.
  await rm(jobFolder(dataFolder, jobId), { recursive: true, force: true });
  await rm(artifactFolder(dataFolder, jobId), { recursive: true, force: true });
  wake();
}
