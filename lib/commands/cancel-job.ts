import { FailureError } from '../domain/failure';
import { isTerminal, type JobStatus } from '../domain/status';
import { rentalAtEnd, settleRental } from '../store/job-rental-store';
import { appendToOutbox } from '../store/outbox';
import { runtime, wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { requireJob } from './require-row';

/**
 * Asks for a job's end. One that nobody has taken yet ends here; else whoever runs it sees the flag, ends the work on the
 * host and then the job. Asking twice is fine. Throws `not-found`, or `conflict` when the job has ended already.
 */
export async function cancelJob(jobId: string): Promise<void> {
  const found = await runtime().client.job.findUnique({ where: { id: jobId }, select: { instanceId: true } });
  const machine = found ? await rentalAtEnd(found.instanceId) : null;
  await writeTransaction(async (transaction) => {
    const job = await requireJob(transaction, jobId);
    if (isTerminal(job.status as JobStatus))
      throw new FailureError('conflict', `The job has ended already: ${job.status}.`);
    const now = new Date();
    // One statement decides: a worker that took the job a moment before has an owner in the row.
    const ended = await transaction.job.updateMany({
      where: { id: jobId, status: 'queued', owner: null },
      data: { status: 'canceled', cancelRequestedAt: now, finishedAt: now, sequence: { increment: 1 } },
    });
    if (ended.count > 0) {
      await transaction.step.updateMany({ where: { jobId, status: 'queued' }, data: { status: 'canceled' } });
      if (machine) await settleRental(transaction, jobId, { ...machine, end: 'canceled' });
    } else
      await transaction.job.update({
        where: { id: jobId },
        data: { cancelRequestedAt: job.cancelRequestedAt ?? now, sequence: { increment: 1 } },
      });
    await appendToOutbox(transaction, 'job', jobId);
  });
  wake();
}
