import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireProcessLock } from '../../lib/store/process-lock';

let folder: string;
let holder: ChildProcess | null = null;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-lock-'));
});
afterEach(async () => {
  holder?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

it('refuses a second holder with the process and folder in the message, and lets go when it is released', async () => {
  const lock = await acquireProcessLock(folder);
  await expect(acquireProcessLock(folder)).rejects.toThrow(new RegExp(`running already.*process ${process.pid}`));
  await lock.release();
  await (await acquireProcessLock(folder)).release();
});

it('is free again the moment its process was killed, whatever it left behind', async () => {
  const script = `import('${new URL('../../lib/store/process-lock.ts', import.meta.url).href}').then(async (m) => { globalThis.lock = await m.acquireProcessLock(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000); })`;
  holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout ?? holder, 'data');
  await expect(acquireProcessLock(folder)).rejects.toThrow(`process ${holder.pid}`);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await (await acquireProcessLock(folder)).release();
});
