import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The request header in which pages find the nonce for scripts of their own (the theme's first-paint script). */
export const NONCE_HEADER = 'x-nonce';

/** The request header in which pages find the address that was asked for, to come back to it after the login. */
const PATH_HEADER = 'x-quantdeck-path';

export interface SecurityHeaders {
  /** Sets the headers of any answer. */
  applyTo(response: ServerResponse): void;
  /** Sets the page policy on the answer and hands its nonce to Next, which reads it from the *request's* headers. */
  applyToPage(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * Headers against sniffing, framing, leaks by Referer (the set-up URL holds a token) and injected scripts.
 *
 * Scripts run by nonce only: Next puts the nonce that it finds in the request's `content-security-policy` header on every
 * script it emits (`next/dist/server/app-render/get-script-nonce-from-header.js`). That holds for pages rendered at
 * request time; a page prerendered at build has no nonce and would not start, so the root layout must be dynamic (reading
 * `headers()` there, as for the theme script's nonce, is enough). Styles are allowed inline, because React writes `style`
 * attributes into the HTML (meters, progress bars) and attributes take no nonce.
 */
export function createSecurityHeaders(options: {
  readonly isDev: boolean;
  readonly isSecure: boolean;
}): SecurityHeaders {
  return {
    applyTo(response) {
      response.setHeader('X-Content-Type-Options', 'nosniff');
      response.setHeader('Referrer-Policy', 'no-referrer');
      response.setHeader('X-Frame-Options', 'DENY');
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
      response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
      if (options.isSecure) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
    },
    applyToPage(request, response) {
      const nonce = randomBytes(16).toString('base64');
      const policy = pagePolicy(nonce, request.headers.host ?? '', options.isDev);
      response.setHeader('Content-Security-Policy', policy);
      request.headers['content-security-policy'] = policy;
      request.headers[NONCE_HEADER] = nonce;
      request.headers[PATH_HEADER] = request.url ?? '/';
    },
  };
}

/** @param host checked against the allow-list before; named for browsers in which `'self'` does not cover websockets. */
function pagePolicy(nonce: string, host: string, isDev: boolean): string {
  return [
    "default-src 'self'",
    // React's development build compiles stack frames with eval.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ws://${host} wss://${host}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Removes what only our own server may say to Next. `x-middleware-subrequest` once skipped Next's middleware altogether
 * (CVE-2025-29927).
 */
export function dropInternalHeaders(request: IncomingMessage): void {
  for (const name of [
    'x-middleware-subrequest',
    'content-security-policy',
    'content-security-policy-report-only',
    NONCE_HEADER,
  ]) {
    delete request.headers[name];
  }
}
