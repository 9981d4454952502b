import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readHostFacts } from '../../../lib/ssh/host-facts';
import { openHostSession, type SshHostSession } from '../../../lib/ssh/host-session';
import { createKeyPair } from '../../../lib/ssh/keys';
import { startCutProxy } from '../../support/ssh-cut-proxy';
import { type SshdHost, startSshdHost } from '../../support/sshd-host';

const FOREVER = new AbortController().signal;

async function withHost(
  options: Parameters<typeof startSshdHost>[0],
  test: (host: SshdHost, connect: () => Promise<SshHostSession>) => Promise<void>,
): Promise<void> {
  const host = await startSshdHost(options);
  const sessions: SshHostSession[] = [];
  try {
    await test(host, async () => {
      const session = await openHostSession(host.endpoint, { pinned: host.fingerprint });
      sessions.push(session);
      return session;
    });
  } finally {
    for (const session of sessions) session.close();
    await host.stop();
  }
}

async function logOf(session: SshHostSession, id: string) {
  let text = '';
  const status = await session.followAttempt(
    id,
    0,
    (chunk) => {
      text += Buffer.from(chunk).toString();
    },
    FOREVER,
  );
  return { text, status };
}

const NOISE = `echo "quantdeck-attempt state=exited code=0 end=0 size=0 cancel=0"
printf 'no line end'; echo 'noise on the other output' >&2
`;

describe('a host behind a real sshd', () => {
  it(
    'is understood through a login shell that prints noise, fake answers included',
    () =>
      withHost({ bashrc: NOISE }, async (host, connect) => {
        const session = await connect();
        expect(await session.exec('echo answer; echo error >&2')).toMatchObject({
          stdout: 'answer\n',
          stderr: 'error\n',
          exitCode: 0,
        });
        const attemptId = randomUUID();
        expect(
          (await session.startAttempt({ attemptId, script: 'sleep 0.3; echo work; exit 3', environment: {} })).state,
        ).toBe('running');
        expect(await logOf(session, attemptId)).toMatchObject({ text: 'work\n', status: { exitCode: 3 } });
        expect(await readHostFacts(session)).toMatchObject({ homeFolder: host.homeFolder });
        await expect(session.stat('/')).rejects.toMatchObject({
          failure: { code: 'sftp-unavailable', remedy: expect.stringMatching(/bashrc/) },
        });
      }),
    60_000,
  );

  it('says when the login shell ends before our command', () =>
    withHost({ bashrc: 'echo "Please use the web console."\nexit 0\n' }, async (host) => {
      await expect(openHostSession(host.endpoint, { pinned: host.fingerprint })).rejects.toMatchObject({
        failure: {
          code: 'ssh-protocol',
          evidence: ['Please use the web console.'],
          message: expect.stringMatching(/ended before it ran our command/),
        },
      });
    }));

  it('is refused when it comes back with another host key', () =>
    withHost({}, async (host, connect) => {
      const session = await connect();
      const closed = new Promise<void>((resolve) => session.onClose(resolve));
      const shown = await host.restart({ newHostKey: true });
      session.close();
      await closed;
      await expect(openHostSession(host.endpoint, { pinned: host.fingerprint })).rejects.toMatchObject({
        failure: { code: 'host-key-changed', evidence: [`known: ${host.fingerprint}`, `shown: ${shown}`] },
      });
    }));

  it('keeps an attempt running while its sshd is restarted and every session of it killed', () =>
    withHost({}, async (host, connect) => {
      const first = await connect();
      const attemptId = randomUUID();
      await first.startAttempt({
        attemptId,
        script: 'i=0; while [ $i -lt 10 ]; do echo $i; sleep 0.1; i=$((i+1)); done; exit 6',
        environment: {},
      });
      const sshdOfSession = (await first.exec('echo $PPID')).stdout.trim();
      process.kill(Number(sshdOfSession), 'SIGKILL');
      await host.restart();
      const again = await connect();
      expect(await logOf(again, attemptId)).toMatchObject({
        text: '0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n',
        status: { state: 'exited', exitCode: 6 },
      });
    }));

  it(
    'names a refused key and a refused password',
    () =>
      withHost({}, async (host) => {
        const auth = { kind: 'key' as const, privateKey: createKeyPair('stranger').privateKey };
        await expect(openHostSession({ ...host.endpoint, auth }, { pinned: host.fingerprint })).rejects.toMatchObject({
          failure: { code: 'ssh-auth-refused', evidence: [expect.stringMatching(/publickey/)] },
        });
        const password = { kind: 'password' as const, password: 'not the password' };
        await expect(
          openHostSession({ ...host.endpoint, auth: password }, { pinned: host.fingerprint }),
        ).rejects.toMatchObject({
          failure: { code: 'ssh-auth-refused', message: expect.stringMatching(/did not accept the password/) },
        });
      }),
    30_000,
  );

  it(
    'waits for its turn where the server allows few sessions',
    () =>
      withHost({ config: 'MaxSessions 2' }, async (_host, connect) => {
        const session = await connect();
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, index) => session.exec(`sleep 0.05; echo ${index}`)),
        );
        expect(answers.map((answer) => Number(answer.stdout))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      }),
    30_000,
  );

  it(
    'never runs part of a script whose sending was cut',
    () =>
      withHost({}, async (host, connect) => {
        const session = await connect();
        await session.attemptStatus(randomUUID());
        const script = `echo "ran to its end" >>"$HOME/proof"\n#${'x'.repeat(60_000)}\n`;
        for (let turn = 0; turn < 12; turn += 1) {
          const proxy = await startCutProxy(host.port);
          const attemptId = randomUUID();
          const through = await openHostSession({ ...host.endpoint, port: proxy.port }, { pinned: host.fingerprint });
          setTimeout(() => proxy.cut(), turn * 4);
          await through
            .startAttempt({ attemptId, script, environment: { TOKEN: 'secret-canary' } })
            .catch(() => undefined);
          const { state } = await session.startAttempt({ attemptId, script, environment: { TOKEN: 'secret-canary' } });
          expect(['running', 'exited']).toContain(state);
          expect((await logOf(session, attemptId)).status).toMatchObject({ state: 'exited', exitCode: 0 });
          expect(await readFile(path.join(host.homeFolder, 'proof'), 'utf8')).toBe('ran to its end\n'.repeat(turn + 1));
          through.close();
          await proxy.close();
        }
        await sleep(300);
        const attempts = path.join(host.homeFolder, '.quantdeck', 'attempts');
        for (const id of await readdir(attempts))
          expect((await readdir(path.join(attempts, id))).filter((file) => /env/.test(file))).toEqual([]);
      }),
    60_000,
  );

  it('notices a dead link', () =>
    withHost({}, async (host) => {
      const proxy = await startCutProxy(host.port);
      const session = await openHostSession({ ...host.endpoint, port: proxy.port }, { pinned: host.fingerprint });
      proxy.freeze();
      await expect(session.exec('echo hello', { timeoutMs: 500 })).rejects.toMatchObject({
        failure: { code: 'host-timeout', isTransient: true },
      });
      session.close();
      await proxy.close();
    }));

  it.skipIf(!canMount())(
    'still records the exit code on a full disk, and refuses to start there',
    () =>
      withHost({}, async (host, connect) => {
        const session = await connect();
        const folder = path.join(host.homeFolder, '.quantdeck');
        await mkdir(folder, { recursive: true });
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]);
        try {
          const attemptId = randomUUID();
          await session.startAttempt({
            attemptId,
            // The reserve must be there before the first command: what fills the disk at once leaves no room for one.
            script: '[ ! -s reserve ] || echo reserved; dd if=/dev/zero of=fill bs=4096 2>/dev/null; echo text; exit 5',
            environment: {},
          });
          const { status, text } = await logOf(session, attemptId);
          expect([status.state, status.exitCode, text.split('\n')[0]]).toEqual(['exited', 5, 'reserved']);
          await session.exec('dd if=/dev/zero of="$HOME/.quantdeck/rest" bs=1k 2>/dev/null');
          await expect(
            session.startAttempt({ attemptId: randomUUID(), script: 'true', environment: {} }),
          ).rejects.toMatchObject({ failure: { code: 'disk-full', message: expect.stringMatching(/\d+ KiB/) } });
        } finally {
          execFileSync('umount', ['-l', folder]);
        }
      }),
    30_000,
  );
});

function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
