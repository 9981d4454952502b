import type { RentalGoal, RentalTerms } from '../domain/rental';
import type { RentalWork } from '../domain/rental-work';
import { createId } from './create-id';
import { toRequiredJson } from './json-column';
import { appendToOutbox } from './outbox';
import type { Transaction } from './write-transaction';

/** What a person agreed to rent a machine for. */
export interface NewRental {
  readonly name: string;
  readonly terms: RentalTerms;
  readonly work: RentalWork;
  /** Whose public half is put on the machine. */
  readonly sshKeyId: string;
}

/**
 * Writes down the wish to rent, with the instance that jobs will know the machine by; the keeper of rentals does the rest.
 * Nobody is asked for anything here.
 */
export async function createRental(
  transaction: Transaction,
  { name, terms, work, sshKeyId }: NewRental,
): Promise<{ rentalId: string; instanceId: string }> {
  const rentalId = createId();
  const instanceId = createId();
  // The address is asked for before each connection, because it changes; none is ever stored.
  await transaction.instance.create({
    data: { id: instanceId, kind: 'rented', name, host: '', port: 0, user: 'root', auth: 'key', sshKeyId },
  });
  await transaction.rental.create({
    data: { id: rentalId, instanceId, terms: toRequiredJson(terms), work: toRequiredJson(work) },
  });
  await appendToOutbox(transaction, 'instance', instanceId);
  await appendToOutbox(transaction, 'rental', rentalId);
  return { rentalId, instanceId };
}

/**
 * Changes what is wanted of a rental that has not ended, as a person wants or has agreed, and tells browsers; answers false
 * when it has. Once it is started again, saving its files after a limit begins anew.
 */
export async function setRentalGoal(transaction: Transaction, rentalId: string, goal: RentalGoal): Promise<boolean> {
  const changed = await transaction.rental.updateMany({
    where: { id: rentalId, state: { not: 'ended' } },
    data: {
      goal,
      goalAt: new Date(),
      goalBy: 'person',
      restartWantedAt: null,
      ...(goal === 'running' ? { savingSince: null } : {}),
    },
  });
  await appendToOutbox(transaction, 'rental', rentalId);
  return changed.count > 0;
}
