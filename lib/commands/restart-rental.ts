import { FailureError, failureError } from '../domain/failure';
import { restartRefusal } from '../domain/rental-restart';
import { appendToOutbox } from '../store/outbox';
import { findRentalRecord } from '../store/rental-records';
import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';

/**
 * Has a rented machine restarted, which keeps its GPU, its price and its disk; its keeper does it. Throws `not-found`, and
 * `conflict` for one that does not run, or that a job is not done on.
 */
export async function restartRental(rentalId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    const rental = await findRentalRecord(rentalId, transaction);
    if (rental === null) throw new FailureError('not-found', 'There is no such rental.');
    const { instanceId } = rental;
    const openJobs = await transaction.job.count({ where: { instanceId, status: { in: ['queued', 'running'] } } });
    const refusal = restartRefusal(rental, openJobs);
    if (refusal !== null) throw failureError(refusal);
    await transaction.rental.update({ where: { id: rentalId }, data: { restartWantedAt: new Date() } });
    await appendToOutbox(transaction, 'rental', rentalId);
  });
  wake();
}
