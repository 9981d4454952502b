import { FailureError } from '../domain/failure';
import { appendToOutbox } from '../store/outbox';
import { wake } from '../store/runtime';
import { deleteSecret, secretOwner } from '../store/secret-store';
import { listUnsavedFiles } from '../store/unsaved-files';
import { writeTransaction } from '../store/write-transaction';
import { dropUnusedKey } from './instance-key';
import { parseInput } from './parse-input';
import { confirmedUnsavedSchema, refuseUnsaved } from './refuse-unsaved';
import { requireInstance } from './require-row';

/**
 * Takes an SSH host off the list and forgets its secrets; its jobs stay readable. Throws `not-found`, or `conflict` for
 * "This machine", while a job waits or runs there, and for files that are nowhere else: nothing of ours reaches them then.
 * @param confirmedUnsaved the names of those that may be lost.
 */
export async function removeInstance(instanceId: string, confirmedUnsaved: readonly string[] = []): Promise<void> {
  const confirmed = parseInput(confirmedUnsavedSchema, confirmedUnsaved);
  const unsaved = await listUnsavedFiles(instanceId);
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
    refuseUnsaved('conflict', 'remove it', unsaved, confirmed);
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
