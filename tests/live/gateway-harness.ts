import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { NO_RENTALS } from '../../lib/domain/rental-summary';
import type { JobDetail, JobSummary } from '../../lib/domain/views';
import type { ClientEvents, ServerEvents } from '../../lib/live/events';
import { attachSocketGateway, type GatewayDependencies, type SocketGateway } from '../../lib/live/socket-gateway';

export type TestSocket = Socket<ServerEvents, ClientEvents>;

export const COOKIE_NAME = 'quantdeck_session';

/** A real HTTP server with the real gateway; only what would come from the database is held in memory. */
export interface Harness {
  readonly port: number;
  readonly origin: string;
  readonly server: Server;
  readonly gateway: SocketGateway;
  readonly sessions: Set<string>;
  readonly jobs: Map<string, JobDetail>;
  readonly logs: Map<string, Buffer>;
  readonly errors: unknown[];
  connect(options?: { cookie?: string; origin?: string; host?: string }): TestSocket;
  /** Appends to the stored log, then tells the gateway, as the worker does. */
  appendLog(jobId: string, stepId: string, bytes: Buffer): void;
  close(): Promise<void>;
}

export async function startHarness(overrides: Partial<GatewayDependencies> = {}): Promise<Harness> {
  const sessions = new Set(['good']);
  const jobs = new Map<string, JobDetail>();
  const logs = new Map<string, Buffer>();
  const errors: unknown[] = [];
  const sockets: TestSocket[] = [];
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const gateway = attachSocketGateway(server, {
    sessionCookieName: COOKIE_NAME,
    allowedOrigins: [origin],
    findSession: async (cookie) => (sessions.has(cookie) ? { sessionId: cookie } : null),
    findJob: async (id) => jobs.get(id) ?? null,
    findJobSummary: async (id) => (jobs.get(id) as JobSummary | undefined) ?? null,
    listJobs: async () => [...jobs.values()],
    listInstances: async () => [],
    findInstance: async () => null,
    findArtifact: async () => null,
    findRentalSummary: async () => NO_RENTALS,
    async readLog(_jobId, stepId, offset, maxBytes) {
      const log = logs.get(stepId);
      return log ? { bytes: log.subarray(offset, offset + maxBytes), length: log.byteLength } : null;
    },
    logger: { warn: () => undefined, error: (_message, error) => void errors.push(error) },
    ...overrides,
  });
  return {
    port,
    origin,
    server,
    gateway,
    sessions,
    jobs,
    logs,
    errors,
    connect({ cookie = `${COOKIE_NAME}=good`, origin: from = origin, host } = {}) {
      const extraHeaders = { origin: from, ...(cookie === '' ? {} : { cookie }), ...(host ? { host } : {}) };
      const socket: TestSocket = io(origin, {
        path: '/ws',
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        extraHeaders,
      });
      sockets.push(socket);
      return socket;
    },
    appendLog(jobId, stepId, bytes) {
      const old = logs.get(stepId) ?? Buffer.alloc(0);
      logs.set(stepId, Buffer.concat([old, bytes]));
      gateway.publisher.logAppended(jobId, stepId, old.byteLength, bytes, old.byteLength + bytes.byteLength);
    },
    async close() {
      for (const socket of sockets) socket.disconnect();
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As much of a job as the gateway looks at. */
export function jobOf(id: string, sequence: number): JobDetail {
  return { id, name: id, sequence, status: 'running' } as unknown as JobDetail;
}

export function connected(socket: TestSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
}

export async function until(condition: () => boolean, timeoutMs = 4000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
