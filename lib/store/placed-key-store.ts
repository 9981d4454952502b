import { runtime } from './runtime';
import { writeTransaction } from './write-transaction';

/** Writes down that a key of ours is about to be put on an account; false when that is written down already. */
export function notePlacedKey(accountId: string, publicKey: string, nowMs: number): Promise<boolean> {
  return writeTransaction(async (transaction) => {
    const where = { accountId_publicKey: { accountId, publicKey } };
    if ((await transaction.placedAccountKey.findUnique({ where })) !== null) return false;
    await transaction.placedAccountKey.create({ data: { accountId, publicKey, placedAt: new Date(nowMs) } });
    return true;
  });
}

export async function listPlacedKeys(accountId: string): Promise<string[]> {
  const rows = await runtime().client.placedAccountKey.findMany({ where: { accountId } });
  return rows.map(({ publicKey }) => publicKey);
}

/** It was taken off again, or was a person's. */
export async function forgetPlacedKey(accountId: string, publicKey: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    await transaction.placedAccountKey.deleteMany({ where: { accountId, publicKey } });
  });
}
