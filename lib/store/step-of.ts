import type { Lease } from './fenced-write';
import type { Step } from './generated/client';
import type { Transaction } from './write-transaction';

/** The lease is for one job: a step of another one is a fault of the caller. */
export async function stepOf(transaction: Transaction, lease: Lease, stepId: string): Promise<Step> {
  const step = await transaction.step.findUnique({ where: { id: stepId } });
  if (step?.jobId !== lease.jobId) throw new Error(`step ${stepId} does not belong to job ${lease.jobId}`);
  return step;
}
