import { FailureError } from '../domain/failure';
import { createId } from '../store/create-id';
import type { KeyMaterial } from '../store/key-material';
import { storeKey } from '../store/key-store';
import { runtime } from '../store/runtime';
import { deleteSecret, secretOwner } from '../store/secret-store';
import { DEFAULT_KEY_ID } from '../store/settings-store';
import type { Transaction } from '../store/write-transaction';

/**
 * Reads an imported private key by the runtime's reader, before anything is stored. Null when none was given. Throws
 * `ssh-key-invalid`, `ssh-key-passphrase`.
 */
export function readKeyMaterial(input: {
  privateKey?: string | undefined;
  passphrase?: string | undefined;
}): KeyMaterial | null {
  const { privateKey, passphrase } = input;
  if (privateKey === undefined || privateKey.trim() === '') return null;
  const { readPrivateKey } = runtime();
  if (!readPrivateKey)
    throw new FailureError('ssh-key-invalid', 'Keys cannot be imported here.', { remedy: "Use Quantdeck's own key." });
  const { publicKey, fingerprint } = readPrivateKey(privateKey, passphrase || undefined);
  return { publicKey, fingerprint, privateKey, ...(passphrase ? { passphrase } : {}) };
}

/** Stores an imported key for an instance, or answers with Quantdeck's own. The id goes into the instance's row. */
export async function chooseKey(
  transaction: Transaction,
  name: string,
  imported: KeyMaterial | null,
): Promise<string | null> {
  if (imported === null) {
    const own = await transaction.sshKey.findUnique({ where: { id: DEFAULT_KEY_ID }, select: { id: true } });
    return own?.id ?? null;
  }
  const id = createId();
  await storeKey(transaction, id, name, imported);
  return id;
}

/** Deletes an imported key that no instance uses any more, with its secrets. Quantdeck's own stays. */
export async function dropUnusedKey(transaction: Transaction, sshKeyId: string | null): Promise<void> {
  if (sshKeyId === null || sshKeyId === DEFAULT_KEY_ID) return;
  const users = await transaction.instance.count({ where: { sshKeyId, deletedAt: null } });
  if (users > 0) return;
  await transaction.instance.updateMany({ where: { sshKeyId }, data: { sshKeyId: null } });
  await transaction.sshKey.deleteMany({ where: { id: sshKeyId } });
  await deleteSecret(secretOwner.privateKey(sshKeyId), transaction);
  await deleteSecret(secretOwner.keyPassphrase(sshKeyId), transaction);
}

/** Has an instance reached with Quantdeck's own key from now on; the imported key or password that it had is deleted. */
export async function logInWithOwnKey(
  transaction: Transaction,
  row: { readonly id: string; readonly name: string; readonly sshKeyId: string | null },
): Promise<void> {
  const sshKeyId = await chooseKey(transaction, row.name, null);
  await transaction.instance.update({ where: { id: row.id }, data: { auth: 'key', sshKeyId } });
  if (sshKeyId !== row.sshKeyId) await dropUnusedKey(transaction, row.sshKeyId);
  await deleteSecret(secretOwner.instancePassword(row.id), transaction);
}
