import type { IncomingMessage } from 'node:http';
import { FailureError } from '../domain/failure';
import { cookieValue, createOriginPolicy } from '../live/origin-policy';

/** Who sent a request. */
export type Principal =
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'token'; readonly tokenId: string; readonly scopes: readonly string[] };

export interface GuardDependencies {
  readonly allowedOrigins: readonly string[];
  readonly sessionCookieName: string;
  /** By the cookie's value; null when it opens no session. */
  findSession(cookie: string): Promise<{ readonly sessionId: string } | null>;
  /** By the whole token, `qd_…`; null when unknown or revoked. */
  findToken(token: string): Promise<{ readonly tokenId: string; readonly scopes: readonly string[] } | null>;
}

export interface Refusal {
  readonly error: FailureError;
  /** Where it differs from the code's own status. */
  readonly status?: number;
}

export interface RequestGuard {
  /** What every request must pass, whoever sends it: a `Host` of ours, and for anything but reading an `Origin` of ours. */
  admit(request: IncomingMessage): Promise<Refusal | null>;
  /** The session or token behind the request; null when there is none. */
  authenticate(request: IncomingMessage): Promise<Principal | null>;
}

export const SESSION_COOKIE = 'quantdeck_session';

/** Over HTTPS the `__Host-` prefix keeps sibling domains from planting a cookie of this name. */
export function sessionCookieName(isSecure: boolean): string {
  return isSecure ? `__Host-${SESSION_COOKIE}` : SESSION_COOKIE;
}

const SAFE_METHODS = new Set(['GET', 'HEAD']);

export function createRequestGuard(dependencies: GuardDependencies): RequestGuard {
  const policy = createOriginPolicy(dependencies.allowedOrigins);

  async function findBearer(request: IncomingMessage): Promise<Principal | null> {
    const token = bearerToken(request);
    const found = token === null ? null : await dependencies.findToken(token);
    return found ? { kind: 'token', tokenId: found.tokenId, scopes: found.scopes } : null;
  }

  return {
    async admit(request) {
      if (!policy.isAllowedHost(request.headers.host)) return wrongHost();
      if (SAFE_METHODS.has(request.method ?? '')) return null;
      // A page of another site cannot send an Authorization header here: a valid token needs no origin.
      if (hasBearer(request)) return (await findBearer(request)) ? null : wrongToken();
      return policy.isAllowedOrigin(request.headers.origin) ? null : wrongOrigin();
    },
    async authenticate(request) {
      if (hasBearer(request)) return findBearer(request);
      const cookie = cookieValue(request.headers.cookie, dependencies.sessionCookieName);
      const session = cookie === null ? null : await dependencies.findSession(cookie);
      return session ? { kind: 'session', sessionId: session.sessionId } : null;
    },
  };
}

/** A session may do everything; a token what its scopes say. */
export function canRead(principal: Principal): boolean {
  return principal.kind === 'session' || principal.scopes.includes('read');
}

function hasBearer(request: IncomingMessage): boolean {
  return /^bearer\s/i.test(request.headers.authorization ?? '');
}

function bearerToken(request: IncomingMessage): string | null {
  return /^bearer\s+([\x21-\x7e]{16,256})\s*$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function wrongHost(): Refusal {
  const error = new FailureError('origin-refused', 'This address is not one of Quantdeck.', {
    remedy: 'Open Quantdeck under the address it printed at start, or set QUANTDECK_PUBLIC_URL.',
  });
  return { error, status: 421 };
}

function wrongOrigin(): Refusal {
  return {
    error: new FailureError('origin-refused', 'Changes are accepted from the pages of Quantdeck only.', {
      remedy: 'Programs send an API token: Authorization: Bearer qd_…',
    }),
  };
}

function wrongToken(): Refusal {
  return {
    error: new FailureError('unauthenticated', 'This API token is unknown or was revoked.', {
      remedy: 'Make a new one in the settings.',
    }),
  };
}
