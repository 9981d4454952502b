import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { requeueJob, requireRetryable, stepsToRetry } from './requeue-job';

/** Queues a failed or canceled job again with all that it did not finish; what succeeded is kept. Throws `not-found`, `conflict`. */
export async function retryJob(jobId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    await requireRetryable(transaction, jobId);
    await requeueJob(transaction, { jobId, steps: await stepsToRetry(transaction, jobId) });
  });
  wake();
}
