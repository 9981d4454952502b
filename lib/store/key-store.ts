import type { KeyMaterial } from './key-material';
import { runtime } from './runtime';
import { putSecret, secretOwner } from './secret-store';
import { DEFAULT_KEY_ID } from './settings-store';
import { type Transaction, writeTransaction } from './write-transaction';

/** Makes Quantdeck's own key at the first start. `create` is only called when there is none. */
export async function ensureDefaultKey(create: () => KeyMaterial): Promise<void> {
  const existing = await runtime().client.sshKey.findUnique({ where: { id: DEFAULT_KEY_ID } });
  if (existing) return;
  const key = create();
  await writeTransaction((transaction) => storeKey(transaction, DEFAULT_KEY_ID, 'Quantdeck', key));
}

/** Stores a key pair, its private half encrypted. */
export async function storeKey(transaction: Transaction, id: string, name: string, key: KeyMaterial): Promise<void> {
  await transaction.sshKey.create({ data: { id, name, publicKey: key.publicKey, fingerprint: key.fingerprint } });
  await putSecret(secretOwner.privateKey(id), key.privateKey, transaction);
  if (key.passphrase) await putSecret(secretOwner.keyPassphrase(id), key.passphrase, transaction);
}
