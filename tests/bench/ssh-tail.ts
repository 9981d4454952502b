import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTempFolder } from '../support/ssh-temp-folder';
import { type SshdHost, startSshdHost } from '../support/sshd-host';
import type { Printed, Printer } from './printing-toolchain';

/** OpenSSH's own programs, pointed at a host of the tests: options that both ssh and scp take. */
export async function openSshOptions(host: SshdHost, folder: string): Promise<string[]> {
  const keyFile = path.join(folder, 'client_key');
  if (host.endpoint.auth.kind !== 'key') throw new Error('a host of the tests is opened by a key');
  await writeFile(keyFile, host.endpoint.auth.privateKey, { mode: 0o600 });
  const options = {
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
    IdentitiesOnly: 'yes',
  };
  return [
    '-F',
    '/dev/null',
    '-i',
    keyFile,
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ];
}

/** Prints another round into a log file and reads it through `ssh host tail -f`, as a person would. */
export async function tailBySsh(
  printer: Printer,
  onData: (chunk: Buffer) => void,
): Promise<{ bytes: number; printed: Printed; caughtUpMs: number; log: string; remove: () => Promise<void> }> {
  const host = await startSshdHost();
  const { folder, remove } = await makeTempFolder('ssh-tail');
  const log = path.join(folder, 'log');
  await printer.load();
  const file = openSync(log, 'a');
  const writer = spawn(printer.python, [path.join(import.meta.dirname, 'print_lines.py'), printer.folder], {
    stdio: ['ignore', file, 'inherit'],
  });
  closeSync(file);
  const options = await openSshOptions(host, folder);
  const { user, host: address, port } = host.endpoint;
  const tail = spawn('ssh', [...options, '-p', String(port), `${user}@${address}`, `tail -c +1 -f '${log}'`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let bytes = 0;
  tail.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    onData(chunk);
  });
  try {
    await sleep(1000);
    await printer.go();
    const printed = await printer.printed();
    while (bytes < statSync(log).size) await sleep(5);
    return { bytes, printed, caughtUpMs: Date.now() - printed.endedAtMs, log, remove };
  } finally {
    const ends = [tail, writer].filter((child) => child.exitCode === null).map((child) => once(child, 'exit'));
    tail.kill('SIGTERM');
    await Promise.all(ends);
    await host.stop();
  }
}
