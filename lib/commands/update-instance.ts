import * as z from 'zod';
import { FailureError } from '../domain/failure';
import { newInstanceSchema } from '../domain/instance';
import { toJson } from '../store/json-column';
import type { KeyMaterial } from '../store/key-material';
import { appendToOutbox } from '../store/outbox';
import { wake } from '../store/runtime';
import { deleteSecret, putSecret, secretOwner } from '../store/secret-store';
import { type Transaction, writeTransaction } from '../store/write-transaction';
import { chooseKey, dropUnusedKey, readKeyMaterial } from './instance-key';
import { parseInput } from './parse-input';
import { requireInstance } from './require-row';

const { name, host, port, user, auth, password, privateKey, passphrase, toolchainPath } = newInstanceSchema.shape;
/** As for a new instance, but what is absent stays as it is: the defaults of a new one must not slip in. */
export const instanceChangesSchema = z
  .object({
    name,
    host,
    port: port.unwrap(),
    user: user.unwrap(),
    auth: auth.unwrap(),
    password,
    privateKey,
    passphrase,
    toolchainPath: toolchainPath.nullable(),
  })
  .partial();
export type InstanceChanges = z.input<typeof instanceChangesSchema>;

/**
 * Changes an SSH host. At another address or port the pinned host key is forgotten: it is another machine's. Throws
 * `not-found`, `invalid-input`, `conflict` for "This machine", `ssh-key-invalid`, `ssh-key-passphrase`.
 */
export async function updateInstance(instanceId: string, input: InstanceChanges): Promise<void> {
  const changes = parseInput(instanceChangesSchema, input);
  const imported = readKeyMaterial(changes);
  await writeTransaction(async (transaction) => {
    const row = await requireInstance(transaction, instanceId);
    if (row.kind !== 'ssh') throw new FailureError('conflict', `${row.name} cannot be changed.`);
    await changeAuth(transaction, row, { auth: changes.auth, password: changes.password, imported });
    const isMoved = (changes.host ?? row.host) !== row.host || (changes.port ?? row.port) !== row.port;
    await transaction.instance.update({
      where: { id: instanceId },
      data: {
        ...plainColumns(changes),
        // What the last test found, and what it offers, is about what was before.
        connection: toJson(null),
        ...(isMoved ? { hostKeyFingerprint: null, checkState: 'never' } : {}),
      },
    });
    await appendToOutbox(transaction, 'instance', instanceId);
  });
  wake();
}

function plainColumns(changes: z.output<typeof instanceChangesSchema>) {
  const { name, host, port, user, toolchainPath } = changes;
  const columns = { name, host, port, user };
  const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  return { ...given, ...(toolchainPath === undefined ? {} : { toolchainPath: toolchainPath || null }) };
}

async function changeAuth(
  transaction: Transaction,
  row: Awaited<ReturnType<typeof requireInstance>>,
  change: { auth: 'key' | 'password' | undefined; password: string | undefined; imported: KeyMaterial | null },
): Promise<void> {
  const auth = change.auth ?? (row.auth as 'key' | 'password');
  const owner = secretOwner.instancePassword(row.id);
  if (auth === 'password') {
    if (!change.password && row.auth !== 'password') {
      throw new FailureError('invalid-input', 'Type the password of this user.', { evidence: ['password: required'] });
    }
    if (change.password) await putSecret(owner, change.password, transaction);
    await transaction.instance.update({ where: { id: row.id }, data: { auth, sshKeyId: null } });
    await dropUnusedKey(transaction, row.sshKeyId);
    return;
  }
  if (row.auth === 'key' && change.imported === null) return;
  const sshKeyId = await chooseKey(transaction, row.name, change.imported);
  await transaction.instance.update({ where: { id: row.id }, data: { auth, sshKeyId } });
  await dropUnusedKey(transaction, row.sshKeyId);
  await deleteSecret(owner, transaction);
}
