import { runtime } from './runtime';
import { SESSION_IDLE_MS, touchApiToken, touchSession } from './session-store';
import { hashToken } from './token-hash';

/** Who is behind a session cookie. */
export interface SessionView {
  readonly sessionId: string;
  readonly userId: string;
  readonly userName: string;
  /** The earlier of both ends: 12 h without activity, 14 days in all. ISO. */
  readonly expiresAt: string;
}

export interface SessionListItem {
  readonly id: string;
  readonly userAgent: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
}

export const API_SCOPES = ['read', 'write'] as const;
export type ApiScope = (typeof API_SCOPES)[number];

export interface ApiTokenListItem {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/**
 * The session that a cookie's value opens, null when it is unknown, idle for 12 h or older than 14 days. Counts as
 * activity (written at most once a minute) unless `isActivity` is false: background re-checks must not keep it alive.
 */
export async function findSession(
  cookieValue: string,
  options: { isActivity?: boolean } = {},
): Promise<SessionView | null> {
  if (cookieValue.length < 20 || cookieValue.length > 200) return null;
  const now = new Date();
  const row = await runtime().client.session.findUnique({
    where: { id: hashToken(cookieValue) },
    include: { user: true },
  });
  if (!row) return null;
  const idleEnd = row.lastSeenAt.getTime() + SESSION_IDLE_MS;
  if (Math.min(idleEnd, row.expiresAt.getTime()) <= now.getTime()) return null;
  const isActivity = options.isActivity ?? true;
  if (isActivity) await touchSession(row, now);
  const end = isActivity ? now.getTime() + SESSION_IDLE_MS : idleEnd;
  return {
    sessionId: row.id,
    userId: row.userId,
    userName: row.user.name,
    expiresAt: new Date(Math.min(end, row.expiresAt.getTime())).toISOString(),
  };
}

/** The API token behind `Authorization: Bearer …`, null when it is unknown or revoked. */
export async function findApiToken(
  bearer: string,
): Promise<{ tokenId: string; name: string; scopes: readonly ApiScope[] } | null> {
  if (bearer.length < 16 || bearer.length > 512) return null;
  const row = await runtime().client.apiToken.findUnique({ where: { tokenHash: hashToken(bearer) } });
  if (!row || row.revokedAt !== null) return null;
  await touchApiToken(row, new Date());
  return { tokenId: row.id, name: row.name, scopes: parseScopes(row.scopes) };
}

/** Whether there is an account: before that only the set-up page answers. */
export async function isSetupDone(): Promise<boolean> {
  return (await runtime().client.user.count()) > 0;
}

/** A person's sessions that are still open, the one used last first. */
export async function listSessions(userId: string): Promise<SessionListItem[]> {
  const now = Date.now();
  const rows = await runtime().client.session.findMany({
    where: { userId, expiresAt: { gt: new Date(now) }, lastSeenAt: { gt: new Date(now - SESSION_IDLE_MS) } },
    orderBy: { lastSeenAt: 'desc' },
  });
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.userAgent,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }));
}

/** API tokens that were not revoked, newest first. Never the tokens themselves. */
export async function listApiTokens(): Promise<ApiTokenListItem[]> {
  const rows = await runtime().client.apiToken.findMany({ where: { revokedAt: null }, orderBy: { createdAt: 'desc' } });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: parseScopes(row.scopes),
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}

function parseScopes(text: string): ApiScope[] {
  return text.split(',').filter((scope): scope is ApiScope => (API_SCOPES as readonly string[]).includes(scope));
}
