import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { FailureError, toFailure } from '../domain/failure';
import { SOCKET_PATH } from '../live/events';
import type { Logger } from './logger';
import { sendProblem } from './problem';
import { canRead, type RequestGuard } from './request-guard';
import { dropInternalHeaders, type SecurityHeaders } from './security-headers';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface RouterDependencies {
  readonly guard: RequestGuard;
  readonly headers: SecurityHeaders;
  readonly artifactContent: (request: IncomingMessage, response: ServerResponse, artifactId: string) => Promise<void>;
  readonly logContent: (
    request: IncomingMessage,
    response: ServerResponse,
    target: { readonly jobId: string; readonly stepId: string; readonly query: URLSearchParams },
  ) => Promise<void>;
  /** Next's request handler: all pages, actions and the rest of the API. Each of its handlers authenticates by itself. */
  readonly next: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly logger: Logger;
}

const ID = '([A-Za-z0-9_-]{1,64})';
const ARTIFACT_PATH = new RegExp(`^/api/v1/artifacts/${ID}/content$`);
const LOG_PATH = new RegExp(`^/api/v1/jobs/${ID}/steps/${ID}/log$`);

/** True for the live channel's path, which engine.io answers itself. `/wsx` is not of it. */
export function isSocketPath(url: string | undefined): boolean {
  const path = (url ?? '').split('?', 1)[0];
  return path === SOCKET_PATH || (path?.startsWith(`${SOCKET_PATH}/`) ?? false);
}

/** The one listener of the HTTP server: guard, then our byte streams, then Next. */
export function createHttpRouter(
  dependencies: RouterDependencies,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { guard, headers, logger } = dependencies;

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    dropInternalHeaders(request);
    headers.applyTo(response);
    const refusal = await guard.admit(request);
    if (refusal) {
      sendProblem(response, refusal.error.failure, {
        path: pathOf(request),
        ...(refusal.status ? { status: refusal.status } : {}),
      });
      return;
    }
    const stream = findByteStream(dependencies, request);
    if (stream) {
      await authorized(guard, request);
      await stream(request, response);
      return;
    }
    headers.applyToPage(request, response);
    await dependencies.next(request, response);
  }

  return (request, response) => {
    if (isSocketPath(request.url)) return;
    route(request, response).catch((error: unknown) => {
      const failure = toFailure(error);
      if (failure.code === 'internal')
        logger.error('a request failed', error, { method: request.method, path: pathOf(request) });
      sendProblem(response, failure, { path: pathOf(request) });
    });
  };
}

/**
 * Ends upgrades that nobody handles: without this a socket to any other path would stay open. In development the bundler
 * has a socket of its own, which gets the same `Host` and `Origin` check as ours.
 */
export function createUpgradeFilter(options: {
  readonly isDev: boolean;
  readonly isAllowed: (request: IncomingMessage) => boolean;
}): (request: IncomingMessage, socket: Duplex) => void {
  return (request, socket) => {
    if (isSocketPath(request.url) || (options.isDev && options.isAllowed(request))) return;
    socket.on('error', () => undefined); // the peer may be gone, and there is nothing left to tell it
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  };
}

/** The handler of a path that the server answers itself, null for Next's. Only reading methods are ours. */
function findByteStream(dependencies: RouterDependencies, request: IncomingMessage): Handler | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null;
  const path = pathOf(request);
  const artifact = ARTIFACT_PATH.exec(path)?.[1];
  if (artifact !== undefined) return (incoming, response) => dependencies.artifactContent(incoming, response, artifact);
  const [, jobId, stepId] = LOG_PATH.exec(path) ?? [];
  if (jobId === undefined || stepId === undefined) return null;
  const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
  return (incoming, response) => dependencies.logContent(incoming, response, { jobId, stepId, query });
}

async function authorized(guard: RequestGuard, request: IncomingMessage): Promise<void> {
  const principal = await guard.authenticate(request);
  if (!principal) {
    throw new FailureError('unauthenticated', 'Log in, or send an API token.', {
      remedy: 'Authorization: Bearer qd_…',
    });
  }
  if (!canRead(principal))
    throw new FailureError('forbidden', 'This API token may not read.', { remedy: 'Make one with the scope "read".' });
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}
