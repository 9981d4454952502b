import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { requeueJob, requireRetryable, retryPoint } from './requeue-job';

/** Queues a failed or canceled job again from the step where it stopped; what succeeded is kept. Throws `not-found`, `conflict`. */
export async function retryJob(jobId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    await requireRetryable(transaction, jobId);
    await requeueJob(transaction, { jobId, ...(await retryPoint(transaction, jobId)) });
  });
  wake();
}
