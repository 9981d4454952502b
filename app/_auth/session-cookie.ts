import { cookies } from 'next/headers';
import { usesSecureCookies } from '../../lib/store/access-views';
import { SESSION_COOKIES } from './require-session';

/** The value of the session's cookie, null when there is none. */
export async function readSessionCookie(): Promise<string | null> {
  const jar = await cookies();
  return SESSION_COOKIES.map((name) => jar.get(name)?.value).find((value) => value !== undefined) ?? null;
}

/** Gives the browser its session. Over https under the prefix that no other host or subdomain can set. */
export async function setSessionCookie(session: {
  readonly cookieValue: string;
  readonly expiresAt: Date;
}): Promise<void> {
  const secure = usesSecureCookies();
  (await cookies()).set(secure ? SESSION_COOKIES[0] : SESSION_COOKIES[1], session.cookieValue, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure,
    expires: session.expiresAt,
  });
}

/** Takes the session away from the browser. */
export async function clearSessionCookie(): Promise<void> {
  const jar = await cookies();
  const secure = usesSecureCookies();
  jar.set(secure ? SESSION_COOKIES[0] : SESSION_COOKIES[1], '', {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure,
    maxAge: 0,
  });
}
