import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostEndpoint } from '../../lib/ssh/host-endpoint';
import { createKeyPair, readPrivateKey } from '../../lib/ssh/keys';
import { freePort } from './free-port';
import { makeTempFolder } from './ssh-temp-folder';

const SSHD = '/usr/sbin/sshd';

export const hasSshd = existsSync(SSHD);

export interface SshdHost {
  readonly endpoint: HostEndpoint;
  readonly fingerprint: string;
  readonly homeFolder: string;
  readonly port: number;
  /** Ends the server and every connection it serves, and starts it again with the same or a new host key. */
  restart(options?: { newHostKey: boolean }): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A real OpenSSH server on a free loopback port, with its own keys and configuration. HOME is a folder of the test; the
 * account is the one that runs the tests.
 */
export async function startSshdHost(
  options: {
    config?: string;
    bashrc?: string;
    environment?: Readonly<Record<string, string>>;
    /** What serves file transfer; null for a server without. */
    sftp?: string | null;
  } = {},
): Promise<SshdHost> {
  const { folder, remove } = await makeTempFolder('sshd');
  const homeFolder = path.join(folder, 'home');
  await mkdir(homeFolder);
  if (options.bashrc !== undefined) await writeFile(path.join(homeFolder, '.bashrc'), options.bashrc);
  const clientKey = createKeyPair('test');
  await writeFile(path.join(folder, 'authorized_keys'), `${clientKey.publicKey}\n`);
  const port = await freePort();
  const user = userInfo().username;
  await writeFile(
    path.join(folder, 'sshd_config'),
    sshdConfig(folder, { HOME: homeFolder, ...options.environment }, port, {
      extra: options.config ?? '',
      sftp: options.sftp === undefined ? '/usr/lib/openssh/sftp-server' : options.sftp,
    }),
  );
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  let fingerprint = await newHostKey(folder);
  let server = await startServer(folder, port);
  return {
    endpoint: {
      instanceId: 'sshd',
      host: '127.0.0.1',
      port,
      user,
      auth: { kind: 'key', privateKey: clientKey.privateKey },
    },
    fingerprint,
    homeFolder,
    port,
    restart: async (change) => {
      await endServer(server);
      if (change?.newHostKey) fingerprint = await newHostKey(folder);
      server = await startServer(folder, port);
      return fingerprint;
    },
    stop: async () => {
      await endServer(server);
      await remove();
    },
  };
}

function sshdConfig(
  folder: string,
  environment: Readonly<Record<string, string>>,
  port: number,
  { extra, sftp }: { extra: string; sftp: string | null },
): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return `${extra}
ListenAddress 127.0.0.1
Port ${port}
HostKey ${folder}/host_key
PidFile ${folder}/sshd.pid
AuthorizedKeysFile ${folder}/authorized_keys
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
PrintMotd no
MaxStartups 100
SetEnv ${variables.join(' ')}
${sftp === null ? '' : `Subsystem sftp ${sftp}`}
`;
}

async function newHostKey(folder: string): Promise<string> {
  const key = createKeyPair('host');
  await writeFile(path.join(folder, 'host_key'), key.privateKey, { mode: 0o600 });
  return readPrivateKey(key.privateKey).fingerprint;
}

async function startServer(folder: string, port: number): Promise<ChildProcess> {
  const server = spawn(SSHD, ['-D', '-e', '-f', path.join(folder, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let errors = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  for (let tries = 0; tries < 100; tries += 1) {
    if (server.exitCode !== null) break;
    if (await answers(port)) return server;
    await sleep(50);
  }
  server.kill('SIGKILL');
  throw new Error(`sshd did not start: ${errors}`);
}

/** SIGKILL to its group: sessions of sshd are in groups of their own and are ended by their broken connection. */
async function endServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill('SIGTERM');
  await gone;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
