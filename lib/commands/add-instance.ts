import type * as z from 'zod';
import { FailureError } from '../domain/failure';
import { newInstanceSchema } from '../domain/instance';
import { createId } from '../store/create-id';
import type { KeyMaterial } from '../store/key-material';
import { appendToOutbox } from '../store/outbox';
import { wake } from '../store/runtime';
import { putSecret, secretOwner } from '../store/secret-store';
import { writeTransaction } from '../store/write-transaction';
import { chooseKey, readKeyMaterial } from './instance-key';
import { parseInput } from './parse-input';

/**
 * Adds an SSH host; nothing connects to it until a check or a job does. Its password or imported key is stored encrypted.
 * Throws `invalid-input`, `ssh-key-invalid`, `ssh-key-passphrase`.
 *
 * @param key an imported key that the caller has read already; else `privateKey` of the input is read here.
 */
export async function addInstance(
  input: z.input<typeof newInstanceSchema>,
  key?: KeyMaterial,
): Promise<{ instanceId: string }> {
  const instance = parseInput(newInstanceSchema, input);
  if (instance.auth === 'password' && !instance.password) {
    throw new FailureError('invalid-input', 'Type the password of this user.', { evidence: ['password: required'] });
  }
  const imported = instance.auth === 'key' ? (key ?? readKeyMaterial(instance)) : null;
  const instanceId = createId();
  const { name, host, port, user, auth } = instance;
  await writeTransaction(async (transaction) => {
    const sshKeyId = auth === 'key' ? await chooseKey(transaction, name, imported) : null;
    const toolchainPath = instance.toolchainPath || null;
    await transaction.instance.create({
      data: { id: instanceId, kind: 'ssh', name, host, port, user, auth, sshKeyId, toolchainPath },
    });
    if (auth === 'password')
      await putSecret(secretOwner.instancePassword(instanceId), instance.password ?? '', transaction);
    await appendToOutbox(transaction, 'instance', instanceId);
  });
  wake();
  return { instanceId };
}
