import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { findSession, isSetupDone, type SessionView } from '../../lib/store/session-views';

/** Over https the cookie carries the prefix that pins it to this host; plain http cannot. */
export const SESSION_COOKIES = ['__Host-quantdeck_session', 'quantdeck_session'] as const;

/** The session of this request, or null. One look-up a request, however many parts of a page ask. */
export const currentSession = cache(async (): Promise<SessionView | null> => {
  const jar = await cookies();
  const value = SESSION_COOKIES.map((name) => jar.get(name)?.value).find((cookie) => cookie !== undefined);
  return value ? findSession(value) : null;
});

/** Set by the server on every request for a page, whatever the client sent (lib/server/security-headers.ts). */
const PATH_HEADER = 'x-quantdeck-path';

/**
 * The session of this request. Without one the browser is sent to the login page, or to the set-up page while there is no
 * account yet; after the login it comes back to what it asked for. Every page and every action calls this: a layout is not rendered again on navigation and protects nothing.
 */
export async function requireSession(): Promise<SessionView> {
  const session = await currentSession();
  if (session) return session;
  if (!(await isSetupDone())) redirect('/setup');
  const path = (await headers()).get(PATH_HEADER) ?? '/';
  redirect(path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`);
}

/** The browser that asks, for the list of sessions. */
export async function userAgentOfRequest(): Promise<string> {
  return ((await headers()).get('user-agent') ?? 'unknown').slice(0, 300);
}
