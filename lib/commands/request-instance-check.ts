import { appendToOutbox } from '../store/outbox';
import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { requireInstance } from './require-row';

/** Asks the worker to connect to an instance and look at it. Asking again while one waits or runs changes nothing. Throws `not-found`. */
export async function requestInstanceCheck(instanceId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    await requireInstance(transaction, instanceId);
    await transaction.instance.updateMany({
      where: { id: instanceId, checkState: { notIn: ['requested', 'running'] } },
      data: { checkState: 'requested', checkRequestedAt: new Date() },
    });
    await appendToOutbox(transaction, 'instance', instanceId);
  });
  wake();
}
