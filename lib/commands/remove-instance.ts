import { FailureError } from '../domain/failure';
import { appendToOutbox } from '../store/outbox';
import { wake } from '../store/runtime';
import { deleteSecret, secretOwner } from '../store/secret-store';
import { writeTransaction } from '../store/write-transaction';
import { dropUnusedKey } from './instance-key';
import { requireInstance } from './require-row';

/**
 * Takes an SSH host off the list and forgets its secrets; its jobs stay readable. Throws `not-found`, or `conflict` for
 * "This machine" and while a job waits or runs there.
 */
export async function removeInstance(instanceId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    const row = await requireInstance(transaction, instanceId);
    if (row.kind !== 'ssh') throw new FailureError('conflict', `${row.name} cannot be removed.`);
    const open = await transaction.job.findFirst({
      where: { instanceId, status: { in: ['queued', 'running'] } },
      select: { name: true },
    });
    if (open)
      throw new FailureError('conflict', `The job "${open.name}" is not done on ${row.name}.`, {
        remedy: 'Cancel it or let it end first.',
      });
    await transaction.instance.update({
      where: { id: instanceId },
      data: { deletedAt: new Date(), sshKeyId: null, hostKeyFingerprint: null, checkState: 'never' },
    });
    await dropUnusedKey(transaction, row.sshKeyId);
    await deleteSecret(secretOwner.instancePassword(instanceId), transaction);
    await appendToOutbox(transaction, 'instance', instanceId);
  });
  wake();
}
