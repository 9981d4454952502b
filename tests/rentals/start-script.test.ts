import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startScript } from '../../lib/rentals/start-script';
import { quote } from '../../lib/ssh/shell-quote';
import { EXAMPLE_KEY } from '../support/vast-on-fake';

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

async function start(
  environment: Record<string, string>,
  publicKey = EXAMPLE_KEY,
  programs = `${home}/bin:${process.env['PATH']}`,
): Promise<void> {
  const script = startScript({
    publicKey,
    serviceUrl: "http://127.0.0.1:1/it's",
    deadMan: { idleSeconds: 0, longestSeconds: 0, everySeconds: 600 },
    quote,
  });
  expect(script.length).toBeLessThan(4000);
  const child = spawn('/bin/bash', ['-c', script], {
    stdio: 'ignore',
    detached: true,
    env: { ...environment, HOME: home, PATH: programs } as unknown as NodeJS.ProcessEnv,
  });
  started.push(child);
  expect(await once(child, 'exit')).toEqual([0, null]);
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
  await start({ CONTAINER_ID: '7' });
  await expect.poll(() => read('.quantdeck/dead-man.log')).toContain('warning: this machine was given no key');
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
  const bare = path.join(home, 'bare');
  await mkdir(bare);
  for (const tool of [
    'sh',
    'touch',
    'mkdir',
    'grep',
    'chmod',
    'cat',
    'nohup',
    'flock',
    'stat',
    'date',
    'sleep',
    'cp',
  ]) {
    const place = (process.env['PATH'] ?? '').split(':').map((folder) => path.join(folder, tool));
    const found = place.find((file) => existsSync(file));
    if (found) await symlink(found, path.join(bare, tool));
  }
  const install = `#!/bin/sh\necho "$@" >>"$HOME/apt.log"\n[ "$1" = update ] || cp "$HOME/bin/curl" "${bare}/curl"\n`;
  await writeFile(path.join(bare, 'apt-get'), install, { mode: 0o755 });
  await start({ CONTAINER_ID: '7', CONTAINER_API_KEY: SECRET }, EXAMPLE_KEY, bare);
  await expect.poll(() => read('curl.input')).toBe(`header = "Authorization: Bearer ${SECRET}"\n`);
  expect(await read('apt.log')).toBe('update -qq\ninstall -y -qq --no-install-recommends curl ca-certificates\n');
});
