import { FailureError } from '../domain/failure';
import { type StepKind, stepKindOf } from '../domain/step-key';
import { wake } from '../store/runtime';
import { type Transaction, writeTransaction } from '../store/write-transaction';
import { requeueJob, requireRetryable, stepsAgainFrom, stepsToRetry } from './requeue-job';

/**
 * Queues a failed or canceled job again with all that it did not finish; what succeeded is kept.
 * @param from a step that it came to, from which on everything is done again. Throws `not-found`, `conflict`.
 */
export async function retryJob(jobId: string, from?: StepKind): Promise<void> {
  await writeTransaction(async (transaction) => {
    await requireRetryable(transaction, jobId);
    const steps = await (from === undefined ? stepsToRetry(transaction, jobId) : stepsFrom(transaction, jobId, from));
    await requeueJob(transaction, { jobId, steps });
    if (from === undefined) return;
    const again = steps.filter(({ key }) => stepKindOf(key) === from).map(({ id }) => id);
    await transaction.step.updateMany({ where: { jobId, id: { in: again } }, data: { isAgain: true } });
  });
  wake();
}

/** All from the first step of this kind on, and what was not finished beside it. */
async function stepsFrom(transaction: Transaction, jobId: string, from: StepKind) {
  const steps = await transaction.step.findMany({ where: { jobId }, orderBy: { ordinal: 'asc' } });
  const first = steps.find(({ key }) => stepKindOf(key) === from);
  if (first && first.startedAt !== null) return stepsAgainFrom(steps, first.ordinal);
  throw new FailureError(
    'conflict',
    `The job cannot go on from ${from}: it did not come as far, or has no such step.`,
    {
      remedy: 'Retry it from the step where it stopped.',
    },
  );
}
