import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHostSession, type SshHostSession } from '../../../lib/ssh/host-session';
import { hostSessionContract } from '../../contracts/host-session.contract';
import { startMacLikeHost } from '../../support/mac-like-host';
import type { EmbeddedHost } from '../../support/ssh-embedded-host';

/** Not a program of the system, so that macOS would show its environment. */
const NODE_WAITS = `require(\\"fs\\").writeFileSync(process.env.HOME + \\"/node-runs\\", String(process.pid)); setTimeout(() => {}, 60000)`;

hostSessionContract('a host with the tools of macOS and no /proc', () => startMacLikeHost());

describe('Without /proc', () => {
  let host: EmbeddedHost;
  let session: SshHostSession;
  beforeAll(async () => {
    host = await startMacLikeHost();
    session = await openHostSession(host.endpoint, { pinned: host.fingerprint });
  });
  afterAll(async () => {
    session.close();
    await host.stop();
  });

  const attemptFile = (id: string, file: string) => path.join(host.homeFolder, '.quantdeck', 'attempts', id, file);

  async function start(script: string): Promise<string> {
    const attemptId = randomUUID();
    await session.startAttempt({ attemptId, script, environment: {} });
    return attemptId;
  }

  /** The process id that a script wrote into its home. */
  async function pidIn(file: string): Promise<number> {
    for (;;) {
      const pid = Number(await readFile(path.join(host.homeFolder, file), 'utf8').catch(() => ''));
      if (pid > 0) return pid;
      await sleep(20);
    }
  }

  const isAlive = async (pid: number) =>
    !/^$|\) [ZX] /.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));

  /** perl that goes into a session of its own, writes its id and stays; its parent leaves after `parentSeconds`. */
  const daemon = (file: string, parentSeconds: number, last: string) =>
    `perl -MPOSIX=setsid -e 'if (fork) { select undef, undef, undef, ${parentSeconds}; exit }
      setsid(); open my $f, ">", "$ENV{HOME}/${file}"; print $f $$; close $f; ${last}'`;

  it('ends a daemon that had left its parent, its group and its session before the cancel', async () => {
    const id = await start(`${daemon('left', 1.5, 'sleep 60')}; sleep 60`);
    const pid = await pidIn('left');
    await sleep(2200);
    expect(await readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) S 1 /);
    expect(await session.cancelAttempt(id, 0)).toMatchObject({ left: 0 });
    expect(await isAlive(pid)).toBe(false);
  });

  it('ends a daemon that left at once by its mark, where the system shows the environment', async () => {
    const id = await start(
      `${daemon('left-at-once', 0, `exec "${process.execPath}", "-e", "${NODE_WAITS}"`)}; sleep 60`,
    );
    const pid = await pidIn('node-runs');
    expect(await session.cancelAttempt(id, 0)).toMatchObject({ left: 0 });
    expect(await isAlive(pid)).toBe(false);
  });

  it('ends what a finished script left running in its group', async () => {
    const id = await start('sleep 60 & echo $! >"$HOME/left-running"; exit 0');
    const pid = await pidIn('left-running');
    await session.waitForAttempt(id, 5);
    expect(await isAlive(pid)).toBe(true);
    expect(await session.cancelAttempt(id, 0)).toMatchObject({ left: 0, status: { state: 'exited', exitCode: 0 } });
    expect(await isAlive(pid)).toBe(false);
  });

  it('leaves a stranger alone that leads a group of an id it once wrote down', async () => {
    const stranger: ChildProcess = spawn('sleep', ['60'], { detached: true });
    const id = randomUUID();
    await mkdir(attemptFile(id, 'claim'), { recursive: true });
    await writeFile(attemptFile(id, 'sup'), '4194303 Jan-1-00:00:00-2020\n');
    await writeFile(attemptFile(id, 'child'), '4194302 Jan-1-00:00:00-2020\n');
    await writeFile(attemptFile(id, 'groups'), `group ${stranger.pid} Jan-1-00:00:00-2020\ngroup ${stranger.pid} -\n`);
    expect(await session.cancelAttempt(id, 0)).toMatchObject({ left: 0, status: { state: 'lost' } });
    expect(await isAlive(stranger.pid ?? 0)).toBe(true);
    stranger.kill('SIGKILL');
  });

  it('keeps the machine awake and writes down groups as long as the work goes on, and no longer', async () => {
    const id = await start('sleep 0.8');
    const child = (await readFile(attemptFile(id, 'child'), 'utf8')).split(' ')[0];
    const awake = async () =>
      (await session.exec(`ps -axww -o command= | grep -c "[c]affeinate -i -w ${child}$"`)).stdout.trim();
    expect(await awake()).toBe('1');
    await session.waitForAttempt(id, 5);
    await sleep(2500);
    const left = await session.exec(`ps -axww -o command= | grep -c "[j]obctl-[0-9a-f]*.sh run ${id}"`);
    expect([left.stdout.trim(), await awake()]).toEqual(['0', '0']);
    expect(existsSync(attemptFile(id, 'exit'))).toBe(true);
  });
});
