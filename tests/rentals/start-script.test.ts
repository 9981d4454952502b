import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseSelfStop } from '../../lib/domain/self-stop';
import { startScript } from '../../lib/rentals/start-script';
import { touchLease } from '../../lib/rentals/touch-lease';
import { quote } from '../../lib/ssh/shell-quote';
import { EXAMPLE_KEY } from '../support/vast-on-fake';

/** What every image has. */
const TOOLS = ['sh', 'touch', 'mkdir', 'mv', 'grep', 'chmod', 'cat', 'nohup', 'flock', 'stat', 'date', 'sleep'];
const SECRET = 'k'.repeat(64);
/** Says what it was called with and fed, and nothing to anybody else. */
const CURL = '#!/bin/sh\nprintf "%s\\n" "$@" >"$HOME/curl.args"\ncat >"$HOME/curl.input"\n';

let home: string;
const started: ChildProcess[] = [];
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'quantdeck-start-'));
  await mkdir(path.join(home, 'bin'));
  await writeFile(path.join(home, 'bin/curl'), CURL, { mode: 0o755 });
});
afterEach(async () => {
  // The switch waits in the background, in the group of what armed it.
  for (const { pid } of started.splice(0)) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  await rm(home, { recursive: true, force: true });
});

const usual = () => `${home}/bin:${process.env['PATH']}`;

async function start(
  environment: Record<string, string>,
  publicKey = EXAMPLE_KEY,
  programs = usual(),
  deadMan = { idleSeconds: 0, longestSeconds: 0, everySeconds: 600 },
): Promise<void> {
  const script = startScript({
    publicKey,
    serviceUrl: "http://127.0.0.1:1/it's",
    deadMan,
    quote,
  });
  expect(script.length).toBeLessThan(4000);
  const child = run('/bin/bash', ['-c', script], { ...environment, PATH: programs });
  expect(await once(child, 'exit')).toEqual([0, null]);
}

function run(file: string, args: readonly string[], environment: Record<string, string>): ChildProcess {
  const env = { ...environment, HOME: home } as unknown as NodeJS.ProcessEnv;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true, env });
  started.push(child);
  return child;
}

/** What a machine says when its lease is touched. */
async function touch(longestSeconds: number, programs = usual()) {
  const child = run('/bin/sh', ['-c', touchLease(longestSeconds)], { PATH: programs });
  const stdout: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  expect(await once(child, 'close')).toEqual([0, null]);
  return parseSelfStop(Buffer.concat(stdout).toString());
}

/** A folder with these programs alone. */
async function bareFolder(...tools: string[]): Promise<string> {
  const bare = path.join(home, 'bare');
  await mkdir(bare);
  for (const tool of tools) {
    const place = (process.env['PATH'] ?? '').split(':').map((folder) => path.join(folder, tool));
    const found = place.find((file) => existsSync(file));
    if (found) await symlink(found, path.join(bare, tool));
  }
  return bare;
}
const read = (name: string) => readFile(path.join(home, name), 'utf8').catch(() => '');

it('lets our key in once, however often it runs, beside keys that are there', async () => {
  await mkdir(path.join(home, '.ssh'));
  await writeFile(path.join(home, '.ssh/authorized_keys'), 'ssh-rsa AAAA theirs');
  await start({});
  await start({});
  expect((await read('.ssh/authorized_keys')).split('\n')).toEqual(['ssh-rsa AAAA theirs', EXAMPLE_KEY, '']);
  expect((await stat(path.join(home, '.ssh/authorized_keys'))).mode & 0o777).toBe(0o600);
  await expect(stat(path.join(home, '.no_auto_tmux'))).resolves.toBeDefined();
});

it('runs nothing that stands in a value', async () => {
  const odd = `ssh-ed25519 AAAA $(touch "$HOME/a")\`touch "$HOME/b"\`'; touch "$HOME/c"; '`;
  await start({}, odd);
  expect(await read('.ssh/authorized_keys')).toContain(odd);
  for (const name of ['a', 'b', 'c']) await expect(stat(path.join(home, name))).rejects.toThrow('ENOENT');
});

it('only warns where the machine was given no key of its own', async () => {
  expect(await touch(600)).toBe('not-watching');
  await start({ CONTAINER_ID: '7' });
  await expect.poll(() => read('.quantdeck/dead-man.log')).toContain('warning: this machine was given no key');
  await expect.poll(() => touch(600)).toBe('no-key');
});

it('stops this one machine with a key that is in no command line', async () => {
  await start({ CONTAINER_ID: '7', CONTAINER_API_KEY: SECRET });
  await expect.poll(() => read('curl.input')).toBe(`header = "Authorization: Bearer ${SECRET}"\n`);
  const args = await read('curl.args');
  expect(args).toContain("http://127.0.0.1:1/it's/api/v0/instances/7/\n");
  expect(args).toContain('{"state":"stopped"}');
  expect(args).not.toContain(SECRET);
  expect(await read('.quantdeck/dead-man.log')).not.toContain(SECRET);
});

it('fetches what it needs for that where an image has neither curl nor Python', async () => {
  const bare = await bareFolder(...TOOLS, 'cp');
  const install = `#!/bin/sh\necho "$@" >>"$HOME/apt.log"\n[ "$1" = update ] || cp "$HOME/bin/curl" "${bare}/curl"\n`;
  await writeFile(path.join(bare, 'apt-get'), install, { mode: 0o755 });
  await start({ CONTAINER_ID: '7', CONTAINER_API_KEY: SECRET }, EXAMPLE_KEY, bare);
  await expect.poll(() => read('curl.input')).toBe(`header = "Authorization: Bearer ${SECRET}"\n`);
  expect(await read('apt.log')).toBe('update -qq\ninstall -y -qq --no-install-recommends curl ca-certificates\n');
});

const WITH_KEY = { CONTAINER_ID: '7', CONTAINER_API_KEY: SECRET };

it('says whether it could stop the machine: not once its watcher has ended, nor without a program for it', async () => {
  const bare = await bareFolder(...TOOLS);
  await start(WITH_KEY, EXAMPLE_KEY, bare, { idleSeconds: 600, longestSeconds: 600, everySeconds: 600 });
  await expect.poll(() => touch(600)).toBe('armed');
  expect(await touch(600, bare)).toBe('no-way');
  await writeFile(path.join(bare, 'python3'), '#!/bin/sh\n', { mode: 0o755 });
  expect(await touch(600, bare)).toBe('armed');
  process.kill(Number(await read('.quantdeck/watcher')), 'SIGKILL');
  await expect.poll(() => touch(600)).toBe('not-watching');
  // Its number may be another program's by then.
  await writeFile(path.join(home, '.quantdeck/watcher'), `${process.pid}\n`);
  expect(await touch(600)).toBe('not-watching');
});

it('lets an attempt run for as long as the newest lease says, however long was agreed before', async () => {
  run('/bin/sleep', ['60'], { QUANTDECK_ATTEMPT: 'of-the-test' });
  await start(WITH_KEY, EXAMPLE_KEY, usual(), { idleSeconds: 0, longestSeconds: 0, everySeconds: 1 });
  // What was agreed first is over at once.
  await expect.poll(() => read('curl.args'), { timeout: 5000 }).toContain('/instances/7/');
  await touch(600);
  await sleep(1500);
  await rm(path.join(home, 'curl.args'));
  await sleep(2500);
  expect(await read('curl.args')).toBe('');
  await touch(0);
  await expect.poll(() => read('curl.args'), { timeout: 5000 }).toContain('/instances/7/');
  // A container that starts again does not go by what was left then.
  await start(WITH_KEY);
  expect(await read('.quantdeck/lease')).toBe('');
});
