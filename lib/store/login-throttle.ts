import { runtime } from './runtime';
import { hashToken } from './token-hash';
import { type Transaction, writeTransaction } from './write-transaction';

const FREE_TRIES = 5;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Rows idle for so long are forgotten. */
const FORGET_AFTER_MS = 60 * 60_000;
/** Beyond this many rows the oldest are forgotten: an attacker with many addresses must not fill our disk. */
const MOST_ROWS = 10_000;

interface Row {
  readonly failures: number;
  readonly lastAt: Date;
}

/**
 * Asks whether these accounts and addresses may try to log in now; 0 means yes, and counts the try as a failure until
 * `forgiveLogins` takes it back: tries made at the same time must not all slip through. Else the milliseconds to wait.
 *
 * Five tries are free, then each failure doubles the wait from 2 s up to 15 min. Never a permanent lock-out: there may be
 * only one person who could unlock it. Kept in the database, so that a restart does not hand out free tries.
 */
export async function admitLogin(keys: readonly string[], at: Date): Promise<number> {
  const ids = keys.map(idOf);
  // Looked at outside the queue of writers first: a flood of tries that must wait shall not hold up anybody's work.
  const waitMs = await longestWait(runtime().client, ids, at);
  if (waitMs > 0) return waitMs;
  return writeTransaction(async (transaction) => {
    const lateWaitMs = await longestWait(transaction, ids, at);
    if (lateWaitMs > 0) return lateWaitMs;
    await forgetOld(transaction, at);
    for (const id of ids) {
      const row = await transaction.loginFailure.findUnique({ where: { id } });
      const failures = row && !isForgotten(row, at) ? row.failures + 1 : 1;
      const data = { failures, lastAt: at };
      await transaction.loginFailure.upsert({ where: { id }, create: { id, ...data }, update: data });
    }
    return 0;
  });
}

/** Takes back the failures of these accounts and addresses: the right password was given. */
export async function forgiveLogins(transaction: Transaction, keys: readonly string[]): Promise<void> {
  await transaction.loginFailure.deleteMany({ where: { id: { in: keys.map(idOf) } } });
}

/** A hash, since people type all kinds of things where a name is asked for, their password among them. */
function idOf(key: string): string {
  return hashToken(key);
}

async function longestWait(
  client: Pick<Transaction, 'loginFailure'>,
  ids: readonly string[],
  at: Date,
): Promise<number> {
  const rows = await client.loginFailure.findMany({ where: { id: { in: [...ids] } } });
  return Math.max(0, ...rows.map((row) => waitOf(row, at)));
}

function waitOf(row: Row, at: Date): number {
  if (row.failures < FREE_TRIES || isForgotten(row, at)) return 0;
  const pauseMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (row.failures - FREE_TRIES));
  return Math.min(pauseMs, Math.max(0, row.lastAt.getTime() + pauseMs - at.getTime()));
}

/** Old, or from a clock that was far ahead and has been put right since, which must lock nobody out. */
function isForgotten(row: Row, at: Date): boolean {
  const agoMs = at.getTime() - row.lastAt.getTime();
  return agoMs > FORGET_AFTER_MS || agoMs < -LONGEST_WAIT_MS;
}

async function forgetOld(transaction: Transaction, at: Date): Promise<void> {
  const { loginFailure } = transaction;
  await loginFailure.deleteMany({ where: { lastAt: { lt: new Date(at.getTime() - FORGET_AFTER_MS) } } });
  const surplus = (await loginFailure.count()) - MOST_ROWS;
  if (surplus <= 0) return;
  const oldest = await loginFailure.findMany({ orderBy: { lastAt: 'asc' }, take: surplus, select: { id: true } });
  await loginFailure.deleteMany({ where: { id: { in: oldest.map((row) => row.id) } } });
}
