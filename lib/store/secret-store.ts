import { runtime } from './runtime';
import { seal, unseal } from './secret-box';
import { type Transaction, writeTransaction } from './write-transaction';

/** Who owns which secret; the owner is bound to the encrypted value. */
export const secretOwner = {
  instancePassword: (instanceId: string) => `instance:${instanceId}:password`,
  privateKey: (sshKeyId: string) => `key:${sshKeyId}:private`,
  keyPassphrase: (sshKeyId: string) => `key:${sshKeyId}:passphrase`,
} as const;

/** Stores a secret, encrypted, in place of an earlier one of the same owner. */
export async function putSecret(owner: string, text: string, transaction?: Transaction): Promise<void> {
  const sealed = seal(runtime().masterKey, owner, text);
  const put = (target: Transaction) =>
    target.secret.upsert({ where: { owner }, create: { owner, ...sealed }, update: sealed });
  await (transaction ? put(transaction) : writeTransaction(put));
}

/** The secret in clear, null when there is none. For the worker alone: no answer of ours may hold it. */
export async function readSecret(owner: string): Promise<string | null> {
  const { client, masterKey } = runtime();
  const row = await client.secret.findUnique({ where: { owner } });
  return row ? unseal(masterKey, owner, row) : null;
}

/** Forgets a secret; nothing happens when there is none. */
export async function deleteSecret(owner: string, transaction?: Transaction): Promise<void> {
  const remove = (target: Transaction) => target.secret.deleteMany({ where: { owner } });
  await (transaction ? remove(transaction) : writeTransaction(remove));
}
