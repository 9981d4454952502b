import { FailureError } from '../domain/failure';
import { isTerminal, type JobStatus } from '../domain/status';
import { toJson } from '../store/json-column';
import { appendToOutbox } from '../store/outbox';
import { wake } from '../store/runtime';
import { type Transaction, writeTransaction } from '../store/write-transaction';
import { requireInstance } from './require-row';

/**
 * Asks the worker to copy an artifact to the dashboard's disk. Asking again while it waits or runs changes nothing.
 * Throws `not-found`, `artifact-missing` when it is no longer on its host, `conflict` while its job runs, while its rented
 * machine is stopped, or before its hash is known.
 */
export async function requestBringHome(artifactId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    const row = await transaction.artifact.findUnique({ where: { id: artifactId }, include: { job: true } });
    if (!row)
      throw new FailureError('not-found', 'There is no such file.', { remedy: 'Its job may have been deleted.' });
    if (row.bringHomeState === 'requested' || row.bringHomeState === 'running') return;
    if (!row.onHost) throw new FailureError('artifact-missing', `${row.fileName} is no longer on its host.`);
    if (!isTerminal(row.job.status as JobStatus))
      throw new FailureError('conflict', 'Its job is not done yet.', { remedy: 'Ask again when the job has ended.' });
    if (row.sha256 === null) {
      throw new FailureError('conflict', `The hash of ${row.fileName} is not known, so a copy could not be checked.`, {
        remedy: 'Retry the job first.',
      });
    }
    await requireInstance(transaction, row.job.instanceId);
    await refuseStopped(transaction, row.job.instanceId);
    await transaction.artifact.update({
      where: { id: artifactId },
      data: { bringHomeState: 'requested', bringHomeRequestedAt: new Date(), bringHomeFailure: toJson(null) },
    });
    await appendToOutbox(transaction, 'artifact', artifactId);
  });
  wake();
}

/** A stopped machine gives nothing, and is not started, and billed in full, for a request that does not say so. */
async function refuseStopped(transaction: Transaction, instanceId: string): Promise<void> {
  const rental = await transaction.rental.findUnique({ where: { instanceId }, select: { goal: true, state: true } });
  if (rental?.goal !== 'stopped' || rental.state === 'ended') return;
  throw new FailureError('conflict', 'Its rented machine is stopped.', {
    remedy: 'Start the machine on its page first; the copy begins once it answers.',
  });
}
