import { createServer, request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ArtifactContentDependencies,
  type ArtifactFile,
  createArtifactContent,
} from '../../lib/server/artifact-content';
import { createHttpRouter } from '../../lib/server/http-router';
import { createLogContent } from '../../lib/server/log-content';
import { createLogger } from '../../lib/server/logger';
import { createRequestGuard, SESSION_COOKIE } from '../../lib/server/request-guard';
import { createSecurityHeaders } from '../../lib/server/security-headers';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpHarness {
  readonly origin: string;
  readonly port: number;
  readonly artifacts: Map<string, ArtifactFile>;
  readonly logs: Map<string, Buffer>;
  readonly lines: string[];
  /** Headers of the requests that reached Next. */
  readonly passedOn: IncomingHttpHeaders[];
  call(path: string, options?: { method?: string; headers?: OutgoingHttpHeaders }): Promise<Answer>;
  close(): Promise<void>;
}

export const TOKENS: Record<string, string[]> = {
  qd_reads_reads_reads_reads: ['read'],
  qd_writes_writes_writes_wr: ['write'],
};
export const LOGGED_IN = { cookie: `${SESSION_COOKIE}=good` };

/** A real HTTP server with the real router; what is behind it is held in memory. */
export async function startHttpHarness(overrides: Partial<ArtifactContentDependencies> = {}): Promise<HttpHarness> {
  const artifacts = new Map<string, ArtifactFile>();
  const logs = new Map<string, Buffer>();
  const lines: string[] = [];
  const passedOn: IncomingHttpHeaders[] = [];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const guard = createRequestGuard({
    allowedOrigins: [origin, 'https://deck.example'],
    sessionCookieName: SESSION_COOKIE,
    findSession: async (cookie) => (cookie === 'good' ? { sessionId: 's1' } : null),
    findToken: async (token) => (Object.hasOwn(TOKENS, token) ? { tokenId: token, scopes: TOKENS[token] ?? [] } : null),
  });
  const router = createHttpRouter({
    guard,
    headers: createSecurityHeaders({ isDev: false, isSecure: false }),
    artifactContent: createArtifactContent({
      findArtifactFile: async (id) => artifacts.get(id) ?? null,
      openHostRange: () => Promise.reject(new Error('no host in this test')),
      ...overrides,
    }),
    logContent: createLogContent({
      async readLog(_jobId, stepId, offset, maxBytes) {
        const log = logs.get(stepId);
        return log ? { bytes: log.subarray(offset, offset + maxBytes), length: log.byteLength } : null;
      },
    }),
    async next(request, response) {
      passedOn.push(request.headers);
      if (request.url === '/boom') throw new Error('secret of the inside: quantdeck_session=good');
      response.end('page');
    },
    logger: createLogger({ write: (line) => void lines.push(line), isTty: false }),
  });
  server.on('request', router);
  return {
    origin,
    port,
    artifacts,
    logs,
    lines,
    passedOn,
    call: (path, options) => callHttp(port, path, options),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** fetch() neither sends a Host of one's choice nor shows a body that was cut short. */
function callHttp(
  port: number,
  path: string,
  options: { method?: string; headers?: OutgoingHttpHeaders } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {} } = options;
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end();
  });
}
