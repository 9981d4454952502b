import type { Prisma } from './generated/client';
import { runtime } from './runtime';

export type Transaction = Prisma.TransactionClient;

const LIMITS = { maxWait: 10_000, timeout: 15_000 };

/** Runs one short read-write transaction, alone. Nothing slow (network, files, hashing) belongs inside. */
export function writeTransaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const { client, writes } = runtime();
  return writes.run(() => client.$transaction(work, LIMITS));
}
