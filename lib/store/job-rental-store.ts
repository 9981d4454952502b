import { conversionSpecSchema } from '../domain/conversion-spec';
import { goalAfterJob } from '../domain/goal-after-job';
import type { RentalGoal } from '../domain/rental';
import { limitFailure } from '../domain/rental-limits';
import { appendToOutbox } from './outbox';
import { findRentalRecord } from './rental-records';
import { findRentalOfInstance, listRentalEvents } from './rental-views';
import { setRentalGoal } from './rental-wish-store';
import { runtime, wake } from './runtime';
import { listUnsavedFiles, type UnsavedFile } from './unsaved-files';
import { type Transaction, writeTransaction } from './write-transaction';

const OPEN = { in: ['queued', 'running'] };

/** Rentals as the pipeline's port of this name. Uses the process's runtime. */
export const jobRentals = {
  find: findRentalOfInstance,
  events: listRentalEvents,
  setGoal: changeGoal,
  unsavedFiles: listUnsavedFiles,
  otherJob: findOtherJob,
  settle: settleRentalOf,
} as const;

/** What is known of a job's machine before its end is decided in a transaction: files are looked at outside of one. */
export interface RentalAtEnd {
  readonly unsaved: readonly UnsavedFile[];
}

/** Looks at the files of a job's machine. */
export async function rentalAtEnd(instanceId: string): Promise<RentalAtEnd> {
  return { unsaved: await listUnsavedFiles(instanceId) };
}

/**
 * Inside the transaction that ends a job badly: says what becomes of its machine, see `goalAfterJob`. A machine of another
 * kind, one that other jobs need, and one that its keeper is giving back or saving files from are left as they are.
 */
export async function settleRental(
  transaction: Transaction,
  jobId: string,
  { end, unsaved }: RentalAtEnd & { readonly end: 'canceled' | 'failed' },
): Promise<void> {
  const job = await transaction.job.findUnique({ where: { id: jobId } });
  const { rental: wish } = conversionSpecSchema.parse(job?.spec);
  if (!job || !wish || (await otherJobOn(transaction, job.instanceId, jobId)) !== null) return;
  const rental = await findRentalRecord(wish.rentalId, transaction);
  // At a limit the keeper ends the jobs there itself, saves what can be saved, and says why.
  if (!rental || rental.goal === 'gone' || limitFailure(rental, Date.now()) !== null) return;
  const wasReady = rental.tries.some(({ reachableAtMs, goneAtMs }) => reachableAtMs !== null && goneAtMs === null);
  const goal = goalAfterJob({ end, afterwards: wish.afterwards, wasReady, unsavedCount: unsaved.length });
  if (goal === null || !(await setRentalGoal(transaction, rental.id, goal))) return;
  const why = end === 'canceled' ? 'was canceled' : 'failed';
  const what = goal === 'gone' ? 'The machine is given back.' : 'The machine is stopped; its disk is kept and billed.';
  await transaction.rentalEvent.create({
    data: { rentalId: rental.id, level: 'note', text: `The job "${job.name}" ${why}. ${what}` },
  });
  await appendToOutbox(transaction, 'instance', job.instanceId);
}

async function settleRentalOf(jobId: string, end: 'canceled' | 'failed'): Promise<void> {
  const job = await runtime().client.job.findUnique({ where: { id: jobId }, select: { instanceId: true } });
  if (!job) return;
  const known = await rentalAtEnd(job.instanceId);
  await writeTransaction((transaction) => settleRental(transaction, jobId, { ...known, end }));
  wake();
}

async function changeGoal(rentalId: string, goal: RentalGoal): Promise<boolean> {
  const changed = await writeTransaction(async (transaction) => {
    const rental = await transaction.rental.findUnique({ where: { id: rentalId }, select: { instanceId: true } });
    if (!rental || !(await setRentalGoal(transaction, rentalId, goal))) return false;
    await appendToOutbox(transaction, 'instance', rental.instanceId);
    return true;
  });
  wake();
  return changed;
}

function findOtherJob(instanceId: string, jobId: string): Promise<string | null> {
  return otherJobOn(runtime().client, instanceId, jobId);
}

async function otherJobOn(reader: Pick<Transaction, 'job'>, instanceId: string, jobId: string): Promise<string | null> {
  const where = { instanceId, id: { not: jobId }, status: OPEN };
  return (await reader.job.findFirst({ where, select: { name: true } }))?.name ?? null;
}
