import { appendToOutbox } from '../store/outbox';
import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { requireInstance } from './require-row';

/** Forgets the pinned host key: the next connection pins whatever the host shows then. Throws `not-found`. */
export async function forgetHostKey(instanceId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    await requireInstance(transaction, instanceId);
    await transaction.instance.update({ where: { id: instanceId }, data: { hostKeyFingerprint: null } });
    await appendToOutbox(transaction, 'instance', instanceId);
  });
  wake();
}
