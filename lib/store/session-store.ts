import { createId } from './create-id';
import { runtime } from './runtime';
import { hashToken, randomToken } from './token-hash';
import type { Transaction } from './write-transaction';

/** Without activity for so long a session ends. */
export const SESSION_IDLE_MS = 12 * 3_600_000;
/** However active, a session ends after so long. */
export const SESSION_LIFETIME_MS = 14 * 24 * 3_600_000;
/** Activity is written at most this often: pages make many requests. */
const TOUCH_EVERY_MS = 60_000;

/** Opens a session; the cookie's value exists only in the answer, the database keeps its hash. */
export async function openSession(
  transaction: Transaction,
  request: { userId: string; userAgent: string; at: Date },
): Promise<{ cookieValue: string; sessionId: string; expiresAt: Date }> {
  const cookieValue = randomToken();
  const sessionId = hashToken(cookieValue);
  const expiresAt = new Date(request.at.getTime() + SESSION_LIFETIME_MS);
  await transaction.session.create({
    data: {
      id: sessionId,
      userId: request.userId,
      userAgent: request.userAgent.slice(0, 300),
      createdAt: request.at,
      lastSeenAt: request.at,
      expiresAt,
    },
  });
  return { cookieValue, sessionId, expiresAt };
}

/** Notes that a session was used. */
export async function touchSession(session: { id: string; lastSeenAt: Date }, at: Date): Promise<void> {
  if (at.getTime() - session.lastSeenAt.getTime() < TOUCH_EVERY_MS) return;
  const { client, writes } = runtime();
  // updateMany, because the session may have been deleted in between.
  await writes.run(() => client.session.updateMany({ where: { id: session.id }, data: { lastSeenAt: at } }));
}

/** Notes that an API token was used. */
export async function touchApiToken(token: { id: string; lastUsedAt: Date | null }, at: Date): Promise<void> {
  if (token.lastUsedAt !== null && at.getTime() - token.lastUsedAt.getTime() < TOUCH_EVERY_MS) return;
  const { client, writes } = runtime();
  await writes.run(() => client.apiToken.updateMany({ where: { id: token.id }, data: { lastUsedAt: at } }));
}

/** Ends sessions that nobody can use any more; call it now and then. */
export async function pruneSessions(at: Date): Promise<number> {
  const { client, writes } = runtime();
  const idleBefore = new Date(at.getTime() - SESSION_IDLE_MS);
  const where = { OR: [{ expiresAt: { lte: at } }, { lastSeenAt: { lte: idleBefore } }] };
  return (await writes.run(() => client.session.deleteMany({ where }))).count;
}

/** Stores an API token by its hash and answers with its row's id. */
export async function storeApiToken(
  transaction: Transaction,
  request: { name: string; token: string; scopes: readonly string[] },
): Promise<string> {
  const id = createId();
  const data = { id, name: request.name, tokenHash: hashToken(request.token), scopes: request.scopes.join(',') };
  await transaction.apiToken.create({ data });
  return id;
}
