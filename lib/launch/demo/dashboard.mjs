import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { constants } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../run-program.mjs';
import { LaunchProblem, say } from '../say.mjs';
import { createApi } from './api-client.mjs';

const FIRST_PORT = 3000;
const START_MS = 60_000;
const STOP_MS = 20_000;

/**
 * Starts the dashboard as a child and waits until it answers. Its own lines (the link for the first password among
 * them) are shown as they come.
 */
export async function startDashboard() {
  const port = process.env['PORT'] ? Number(process.env['PORT']) : await findFreePort(FIRST_PORT);
  const host = process.env['HOST'] ?? '127.0.0.1';
  const token = process.env['QUANTDECK_API_TOKEN'] ?? `qd_demo_${randomBytes(24).toString('hex')}`;
  const dataFolder = path.resolve(ROOT, process.env['QUANTDECK_DATA_DIR'] ?? 'data');
  say(`Starting the dashboard on port ${port}; its data is in ${dataFolder}.`);
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/server.mjs'], {
    cwd: ROOT,
    env: {
      ...process.env,
      PORT: String(port),
      HOST: host,
      QUANTDECK_DATA_DIR: dataFolder,
      QUANTDECK_API_TOKEN: token,
      NEXT_TELEMETRY_DISABLED: '1',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://${/^(0\.0\.0\.0|::)$/.test(host) ? '127.0.0.1' : host}:${port}`;
  return waitUntilReady(createHandle(child, url, token));
}

function createHandle(child, url, token) {
  const end = new AbortController();
  const ended = new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 1)));
  }).finally(() => end.abort());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C reaches the child by itself; twice would look like "stop at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  const stop = async () => {
    if (!end.signal.aborted) child.kill('SIGTERM');
    const outcome = await Promise.race([ended, sleep(STOP_MS, 'late', { ref: false })]);
    if (outcome === 'late') child.kill('SIGKILL');
  };
  return { url, api: createApi(url, token), ended, endSignal: end.signal, isRunning: () => !end.signal.aborted, stop };
}

async function waitUntilReady(dashboard) {
  const deadlineMs = Date.now() + START_MS;
  while (Date.now() < deadlineMs && dashboard.isRunning()) {
    if (await dashboard.api.isHealthy()) return dashboard;
    await sleep(200);
  }
  const problem = dashboard.isRunning() ? `did not answer within ${START_MS / 1000} s` : 'ended at once';
  await dashboard.stop();
  throw new LaunchProblem(
    `The dashboard ${problem}; its own words are above.\nIf one is already running on the same data folder, stop it first.`,
  );
}

async function findFreePort(first) {
  for (let port = first; port < first + 50; port += 1) if (await isFree(port)) return port;
  throw new LaunchProblem(`No free port from ${first} to ${first + 49}. Give one: set PORT.`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
