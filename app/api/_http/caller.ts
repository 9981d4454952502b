import { FailureError } from '../../../lib/domain/failure';
import { findApiToken, findSession } from '../../../lib/store/session-views';
import { SESSION_COOKIES } from '../../_auth/require-session';

/** What a route asks for before it does anything. `none` is for what a stranger may know. */
export type Access = 'none' | 'read' | 'write';

/** Who asks: a browser with a session may do everything, a token what its scopes say. */
export interface Caller {
  readonly kind: 'session' | 'token';
  readonly scopes: readonly string[];
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * The caller of a request, by bearer token or else by session cookie.
 * @throws FailureError `unauthenticated`, `forbidden` (the token lacks the scope) or `origin-refused`
 */
export async function requireCaller(request: Request, access: Exclude<Access, 'none'>): Promise<Caller> {
  const caller = (await callerByToken(request)) ?? (await callerBySession(request));
  if (!caller) {
    throw new FailureError('unauthenticated', 'This address needs a session or an API token.', {
      remedy: 'Log in, or send the header "Authorization: Bearer <token>" with a token made under Settings.',
    });
  }
  if (!caller.scopes.includes(access)) {
    throw new FailureError(
      'forbidden',
      `The token may not ${access}: its scopes are ${caller.scopes.join(', ') || 'none'}.`,
      {
        remedy: `Use a token with the scope "${access}".`,
      },
    );
  }
  return caller;
}

/** A wrong token is refused at once: falling back to a cookie would hide the mistake. */
async function callerByToken(request: Request): Promise<Caller | null> {
  const header = request.headers.get('authorization');
  if (header === null) return null;
  const token = /^Bearer +([\x21-\x7e]{8,512})$/i.exec(header)?.[1];
  const found = token ? await findApiToken(token) : null;
  if (found) return { kind: 'token', scopes: found.scopes };
  throw new FailureError('unauthenticated', 'The API token is unknown or was revoked.', {
    remedy: 'Make a new one under Settings and send it as "Authorization: Bearer <token>".',
  });
}

async function callerBySession(request: Request): Promise<Caller | null> {
  const value = sessionCookie(request);
  if (!value || !(await findSession(value))) return null;
  // A browser sends the cookie with a form of any page; only the origin tells ours from a foreign one.
  if (!SAFE_METHODS.includes(request.method)) refuseForeignOrigin(request);
  return { kind: 'session', scopes: ['read', 'write'] };
}

function refuseForeignOrigin(request: Request): void {
  const origin = request.headers.get('origin');
  const host = request.headers.get('host');
  if (origin !== null && host !== null && URL.canParse(origin) && new URL(origin).host === host) return;
  throw new FailureError(
    'origin-refused',
    `The request comes from ${origin?.slice(0, 200) ?? 'an unknown origin'}, not from this dashboard.`,
    {
      remedy: 'Open the dashboard under the address that it shows, or use an API token.',
    },
  );
}

function sessionCookie(request: Request): string | null {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('=', 2));
  for (const name of SESSION_COOKIES) {
    const value = pairs.find((pair) => pair[0] === name)?.[1];
    if (value) return value;
  }
  return null;
}
