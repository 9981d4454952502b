import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import next from 'next';
import { requestInstanceCheck } from '../commands/request-instance-check';
import { toFailure } from '../domain/failure';
import { THIS_MACHINE_ID } from '../hosts/this-machine';
import { startEmbeddedServerProcess } from '../ssh/embedded-server-process';
import { onWake } from '../store/runtime';
import { announceStart } from './announce-start';
import { composeWorker } from './compose';
import { composeHosts } from './compose-hosts';
import { composeHttp, composeUpgradeFilter } from './compose-http';
import { composeFollower, composeGateway } from './compose-live';
import { startRentals } from './compose-rentals';
import { allowedOriginsOf, isSecureOrigin, readEnv, type ServerEnv, secretsOf } from './env';
import { startHousekeeping } from './housekeeping';
import { createLogger } from './logger';
import { openStore } from './open-store';
import { packageRoot } from './package-root';
import { keepRentalProvider } from './rental-provider-keeper';
import { installShutdown, type ShutdownStep } from './shutdown';

const isDev = process.argv.includes('--dev');
// Next decides by NODE_ENV which React it loads; setting it in npm scripts would not work on Windows.
(process.env as Record<string, string>)['NODE_ENV'] = isDev ? 'development' : 'production';
process.env['NEXT_TELEMETRY_DISABLED'] = '1';
// Without it V8 drops code that rested for some collections, and a job that begins after half a minute of quiet compiles
// its steps once more: looking at the checkpoint took 0.54 s instead of 0.38.
setFlagsFromString('--no-flush-bytecode');

/** Reads the environment, opens everything in order and listens; any failure ends the process with words. */
async function main(): Promise<void> {
  // Whoever read our output may be gone. Next logs every uncaught error, so a pipe that reports itself broken would be
  // written to about its being broken, for ever, and SIGTERM would no longer end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
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
  const openProvider = keepRentalProvider(env);
  const hosts = composeHosts({ packageRoot: root, thisMachine, openProvider, logger });
  const gateway = composeGateway(http, { allowedOrigins, isSecure, logger });
  const app = next({ dev: isDev, dir: root, hostname: env.host, port, httpServer: http });
  await app.prepare();
  http.on('upgrade', composeUpgradeFilter({ allowedOrigins, isDev }));
  const { connectHost } = hosts;
  answer = composeHttp({ allowedOrigins, isDev, isSecure, connectHost, next: app.getRequestHandler(), logger });
  const worker = composeWorker({ env, packageRoot: root, live: gateway.publisher, logger, ...hosts });
  const follower = await composeFollower(gateway.publisher, logger);
  const rentals = await startRentals({ env, packageRoot: root, openProvider, logger });
  for (const each of [worker, rentals, follower]) onWake(() => each.wake());
  await worker.start();
  if (thisMachine) await requestInstanceCheck(THIS_MACHINE_ID);
  const housekeeping = startHousekeeping(logger);
  const steps: ShutdownStep[] = [
    { name: 'housekeeping', timeoutMs: 1000, run: () => housekeeping.stop() },
    { name: 'rentals', timeoutMs: 5000, run: () => rentals.stop() },
    { name: 'worker', timeoutMs: 10_000, run: () => worker.stop() },
    { name: 'outbox', timeoutMs: 2000, run: () => follower.stop() },
    { name: 'sockets', timeoutMs: 3000, run: () => gateway.close() },
    { name: 'this machine', timeoutMs: 2000, run: () => thisMachine?.close() },
    { name: 'pages', timeoutMs: 3000, run: () => app.close() },
    { name: 'database', timeoutMs: 3000, run: () => store.close() },
  ];
  installShutdown({ signals: process, exit: (code) => process.exit(code), logger, steps });
  announceStart({ env, port, setupToken: store.setupToken });
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

/** Windows has no POSIX shell to run a host on; there the other hosts do the work. */
function startThisMachine(env: ServerEnv) {
  if (process.platform === 'win32') return null;
  return startEmbeddedServerProcess(env.thisMachineHome === null ? {} : { homeFolder: env.thisMachineHome });
}

main().catch((error: unknown) => {
  const failure = toFailure(error);
  const lines = [
    `Quantdeck could not start: ${failure.message}`,
    ...failure.evidence.map((line) => `  ${line}`),
    failure.remedy,
  ];
  process.stderr.write(`${lines.filter((line) => line !== '').join('\n')}\n`);
  if (failure.code === 'internal') process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
  process.exit(1);
});
