import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import next from 'next';
import { toFailure } from '../domain/failure';
import { attachSocketGateway } from '../live/socket-gateway';
import { createOriginPolicy } from '../live/origin-policy';
import { createOutboxFollower } from '../live/outbox-follower';
import { startEmbeddedServer } from '../ssh/embedded-server';
import { findArtifact } from '../store/artifact-views';
import { findInstance, listInstances } from '../store/instance-views';
import { findJob, findJobSummary, listJobs } from '../store/job-views';
import { readLog } from '../store/log-views';
import { newestOutboxSequence, readOutbox } from '../store/outbox';
import { onWake } from '../store/runtime';
import { findApiToken, findSession } from '../store/session-views';
import { composeWorker } from './compose';
import { allowedOriginsOf, isSecureOrigin, readEnv, secretsOf, type ServerEnv } from './env';
import { createHostConnector } from './host-connector';
import { createUpgradeFilter } from './http-router';
import { composeHttp } from './compose-http';
import { createLogger } from './logger';
import { openStore } from './open-store';
import { packageRoot } from './package-root';
import { createRequestGuard, sessionCookieName } from './request-guard';
import { installShutdown } from './shutdown';
import { announceStart } from './announce-start';

const isDev = process.argv.includes('--dev');
// Next decides by NODE_ENV which React it loads; setting it in npm scripts would not work on Windows.
(process.env as Record<string, string>)['NODE_ENV'] = isDev ? 'development' : 'production';
process.env['NEXT_TELEMETRY_DISABLED'] = '1';

/** Reads the environment, opens everything in order and listens; any failure ends the process with words. */
async function main(): Promise<void> {
  const env = readEnv(process.env);
  const root = packageRoot(import.meta.dirname);
  const logger = createLogger({
    write: (line) => void process.stderr.write(line),
    isTty: process.stderr.isTTY ?? false,
    secrets: () => secretsOf(env),
  });
  const http = createServer();
  // One listener for good: the socket's server wraps those it finds, so replacing a listener later would not replace it.
  let answer = answerStarting;
  http.on('request', (request, response) => answer(request, response));
  const port = await listen(http, env);
  const allowedOrigins = allowedOriginsOf(env, port);
  const isSecure = isSecureOrigin(env);
  const store = await openStore({ env, root, allowedOrigins, isSecure, logger });
  const thisMachine = await startThisMachine(env);
  const cookieName = sessionCookieName(isSecure);
  const gateway = attachSocketGateway(http, {
    findSession: (cookie) => findSession(cookie, { isActivity: false }),
    sessionCookieName: cookieName,
    allowedOrigins, findJob, findJobSummary, listInstances, findInstance, findArtifact, readLog, logger,
    listJobs: async () => (await listJobs({ limit: 50 })).jobs,
  });
  const guard = createRequestGuard({ allowedOrigins, sessionCookieName: cookieName, findSession, findToken: findApiToken });
  const connectHost = createHostConnector(root, thisMachine);
  const app = next({ dev: isDev, dir: root, hostname: env.host, port, httpServer: http });
  await app.prepare();
  const policy = createOriginPolicy(allowedOrigins);
  const isAllowed = ({ headers }: IncomingMessage) => policy.isAllowedHost(headers.host) && policy.isAllowedOrigin(headers.origin);
  http.on('upgrade', createUpgradeFilter({ isDev, isAllowed }));
  answer = composeHttp({ guard, isDev, isSecure, connectHost, next: app.getRequestHandler(), logger });
  const follower = createOutboxFollower({
    readOutbox: (after) => readOutbox(after),
    publisher: gateway.publisher,
    startAfter: await newestOutboxSequence(),
    logger,
  });
  const worker = composeWorker({ env, packageRoot: root, live: gateway.publisher, logger, connectHost });
  onWake(() => {
    worker.wake();
    follower.wake();
  });
  await worker.start();
  installShutdown({
    signals: process,
    exit: (code) => process.exit(code),
    logger,
    steps: [
      { name: 'worker', timeoutMs: 10_000, run: () => worker.stop() },
      { name: 'outbox', timeoutMs: 2000, run: () => follower.stop() },
      { name: 'sockets', timeoutMs: 3000, run: () => gateway.close() },
      { name: 'this machine', timeoutMs: 2000, run: () => thisMachine?.close() },
      { name: 'pages', timeoutMs: 3000, run: () => app.close() },
      { name: 'database', timeoutMs: 3000, run: () => store.close() },
    ],
  });
  await announceStart({ env, port, setupToken: store.setupToken });
}

/** Listens before anything else is opened: a port that is taken must be said before a database is touched. */
function listen(http: ReturnType<typeof createServer>, env: ServerEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(env.port, env.host, () => {
      const address = http.address();
      resolve(typeof address === 'object' && address ? address.port : env.port);
    });
  });
}

/** The port is ours from the first moment on; until everything behind it is open, whoever knocks is told to come again. */
function answerStarting(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain' }).end('Quantdeck is starting.\n');
}

/** Windows has no POSIX shell and no /proc to run a host on; there the other hosts do the work. */
function startThisMachine(env: ServerEnv) {
  if (process.platform === 'win32') return null;
  return startEmbeddedServer(env.thisMachineHome === null ? {} : { homeFolder: env.thisMachineHome });
}

main().catch((error: unknown) => {
  const failure = toFailure(error);
  const lines = [`Quantdeck could not start: ${failure.message}`, ...failure.evidence.map((line) => `  ${line}`), failure.remedy];
  process.stderr.write(`${lines.filter((line) => line !== '').join('\n')}\n`);
  if (failure.code === 'internal') process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
  process.exit(1);
});

