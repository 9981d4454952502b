import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { cookieValue, type OriginPolicy } from './origin-policy';
import type { LiveSession } from './session-watch';

/** Why a connection is refused, before any upgrade. */
export type Refusal = 421 | 403 | 401 | 503;

const REASONS: Readonly<Record<Refusal, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  421: 'Misdirected Request',
  503: 'Service Unavailable',
};

export interface HandshakeRules {
  readonly origins: OriginPolicy;
  readonly sessionCookieName: string;
  readonly findSession: (cookie: string) => Promise<LiveSession | null>;
}

/**
 * Checks a websocket handshake by its headers: `Host` against rebinding, `Origin` against other sites (browsers send
 * cookies with cross-site websocket handshakes, loopback included), then the session cookie.
 */
export async function checkHandshake(request: IncomingMessage, rules: HandshakeRules): Promise<Refusal | null> {
  if (!rules.origins.isAllowedHost(request.headers.host)) return 421;
  if (!rules.origins.isAllowedOrigin(request.headers.origin)) return 403;
  const cookie = cookieValue(request.headers.cookie, rules.sessionCookieName);
  if (cookie === null) return 401;
  return (await rules.findSession(cookie)) === null ? 401 : null;
}

/** Answers an upgrade request with a plain status. engine.io alone would say 400 to everything. */
export function refuseUpgrade(socket: Duplex, status: Refusal): void {
  socket.on('error', () => undefined); // the peer may be gone already, and there is nothing left to tell it
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
