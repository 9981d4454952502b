import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const RUN_SERVER = path.resolve('lib/launch/run-server.mjs');

/** Runs the launcher in a process of its own around a small child; resolves with the launcher's exit code and output. */
async function launchAround(childCode: string, whenReady: (launcher: ReturnType<typeof spawn>) => void = () => {}) {
  const code = `import { runInForeground } from ${JSON.stringify(RUN_SERVER)}; process.exitCode = await runInForeground(['-e', ${JSON.stringify(childCode)}]);`;
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  launcher.stdout.on('data', (data) => {
    output += data;
    if (String(data).includes('ready')) whenReady(launcher);
  });
  const [exitCode] = await once(launcher, 'close');
  return { exitCode, output };
}

describe('a program in the foreground', () => {
  it('hands on its exit code', async () => {
    expect(await launchAround('process.exit(7)')).toMatchObject({ exitCode: 7 });
  });

  it('gets a signal of the launcher and may end in its own time', async () => {
    const child = `process.on('SIGTERM', () => setTimeout(() => { console.log('stopped cleanly'); process.exit(0); }, 100)); setInterval(() => {}, 1000); console.log('ready');`;
    const { exitCode, output } = await launchAround(child, (launcher) => launcher.kill('SIGTERM'));
    expect(output).toContain('stopped cleanly');
    expect(exitCode).toBe(0);
  });

  it('that a signal ended is reported as 128 and its number', async () => {
    expect(await launchAround("process.kill(process.pid, 'SIGKILL')")).toMatchObject({ exitCode: 137 });
  });
});
