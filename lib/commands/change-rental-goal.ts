import * as z from 'zod';
import { FailureError, failureError } from '../domain/failure';
import { RENTAL_GOALS, type RentalGoal } from '../domain/rental';
import { startRefusal } from '../domain/rental-limits';
import { appendToOutbox } from '../store/outbox';
import { findRentalRecord } from '../store/rental-records';
import { setRentalGoal } from '../store/rental-wish-store';
import { wake } from '../store/runtime';
import { listUnsavedFiles } from '../store/unsaved-files';
import { type Transaction, writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';
import { confirmedUnsavedSchema, refuseUnsaved } from './refuse-unsaved';

export const rentalGoalSchema = z.object({
  goal: z.enum(RENTAL_GOALS),
  /** Each file that may be lost with the machine, by its name. */
  confirmedUnsaved: confirmedUnsavedSchema
    .default([])
    .describe('Names of the files that may be lost with the machine.'),
});

/**
 * Has a rented machine started, stopped or given back; its keeper does it. Throws `not-found`, `conflict` while a job
 * waits or runs there or when it cannot be undone any more, `rental-holds-unsaved` for files that are nowhere else and were
 * not named, and `rental-budget-reached` or `rental-deadline-reached` for a start that would not last.
 */
export async function changeRentalGoal(rentalId: string, input: z.input<typeof rentalGoalSchema>): Promise<void> {
  const { goal, confirmedUnsaved } = parseInput(rentalGoalSchema, input);
  const rental = await findRentalRecord(rentalId);
  if (!rental) throw new FailureError('not-found', 'There is no such rental.');
  const unsaved = await listUnsavedFiles(rental.instanceId);
  await writeTransaction(async (transaction) => {
    const row = await transaction.rental.findUniqueOrThrow({ where: { id: rentalId } });
    refuseTooLate(row, goal);
    if (row.goal === goal) return;
    // A job that fills the disk meanwhile could make files that nobody was asked about; so there must be none.
    if (goal !== 'running') await refuseOpenJob(transaction, row.instanceId, goal);
    if (goal === 'gone') refuseUnsaved('rental-holds-unsaved', 'give the machine back', unsaved, confirmedUnsaved);
    const refusal = goal === 'running' ? startRefusal(rental, Date.now(), unsaved.length) : null;
    if (refusal !== null) throw failureError(refusal);
    await setRentalGoal(transaction, rentalId, goal);
    await appendToOutbox(transaction, 'instance', row.instanceId);
  });
  wake();
}

function refuseTooLate(row: { readonly goal: string; readonly state: string }, goal: RentalGoal): void {
  if (row.state === 'ended') {
    throw new FailureError('conflict', 'This rental has ended: nothing of it is left, and nothing is billed.', {
      remedy: 'Retry its job to rent another machine on the same terms.',
    });
  }
  if (row.goal === 'gone' && goal !== 'gone') {
    throw new FailureError('conflict', 'The machine is being given back; that cannot be undone.', {
      remedy: 'Retry its job to rent another one.',
    });
  }
}

async function refuseOpenJob(transaction: Transaction, instanceId: string, goal: RentalGoal): Promise<void> {
  const where = { instanceId, status: { in: ['queued', 'running'] } };
  const job = await transaction.job.findFirst({ where, select: { name: true } });
  if (!job) return;
  const verb = goal === 'gone' ? 'given back' : 'stopped';
  throw new FailureError('conflict', `The machine cannot be ${verb}: the job "${job.name}" is not done on it.`, {
    remedy: 'Cancel the job first. That also decides what becomes of the machine.',
  });
}
