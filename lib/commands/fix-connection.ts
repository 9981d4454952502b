import type * as z from 'zod';
import { connectionFixSchema, type WorkerFix } from '../domain/connection-report';
import { FailureError } from '../domain/failure';
import { parseSshCommand } from '../domain/ssh-command';
import { keepConnection, keptConnection } from '../store/connection-store';
import { appendToOutbox } from '../store/outbox';
import { type Transaction, writeTransaction } from '../store/write-transaction';
import { logInWithOwnKey } from './instance-key';
import { parseInput } from './parse-input';
import { requestInstanceCheck } from './request-instance-check';
import { requireInstance } from './require-row';
import { updateInstance } from './update-instance';

/**
 * Does, or has the worker do, what the last test of a connection offered, and asks for the next test, which shows whether
 * it helped. Throws `not-found`, `invalid-input`, and `conflict` when the last test did not offer it.
 */
export async function fixConnection(instanceId: string, input: z.input<typeof connectionFixSchema>): Promise<void> {
  const { fix, command } = parseInput(connectionFixSchema, input);
  const place = fix === 'use-command' ? readCommand(command ?? '') : null;
  await writeTransaction(async (transaction) => {
    const row = await requireInstance(transaction, instanceId);
    const { report } = keptConnection(row);
    if (row.checkState === 'running' || !report?.finding?.fixes.includes(fix)) throw notOffered(row.checkState);
    if (fix === 'trust-host-key') await pinShown(transaction, instanceId, report.shownFingerprint);
    else if (fix === 'use-own-key') await logInWithOwnKey(transaction, row);
    else if (fix !== 'use-command') await wantFix(transaction, instanceId, fix);
  });
  if (place !== null) await updateInstance(instanceId, place);
  await requestInstanceCheck(instanceId);
}

function readCommand(text: string) {
  const place = parseSshCommand(text);
  if (place === null) {
    throw new FailureError('invalid-input', 'There is no host in this line.', {
      remedy: 'Paste the whole ssh command, such as: ssh -p 34538 root@203.0.113.7',
      evidence: ['command: wrong'],
    });
  }
  const { host, port, user } = place;
  return { host, port, ...(user === null ? {} : { user }) };
}

/** Exactly the key that the person was shown, not whatever answers next. */
async function pinShown(transaction: Transaction, instanceId: string, fingerprint: string | null): Promise<void> {
  await transaction.instance.update({ where: { id: instanceId }, data: { hostKeyFingerprint: fingerprint } });
  await appendToOutbox(transaction, 'instance', instanceId);
}

async function wantFix(transaction: Transaction, instanceId: string, wantedFix: WorkerFix): Promise<void> {
  await keepConnection(transaction, instanceId, { wantedFix });
}

function notOffered(checkState: string): FailureError {
  const isRunning = checkState === 'running';
  return new FailureError(
    'conflict',
    isRunning ? 'The connection is being tested.' : 'The last test of this connection does not call for that.',
    { remedy: isRunning ? 'Wait for its end.' : 'Test the connection again: what helps is shown with its result.' },
  );
}
