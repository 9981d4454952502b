import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostSession } from '../../lib/pipeline/host-port';
import type { HostEndpoint } from '../../lib/ssh/host-endpoint';
import { openHostSession, type SshHostSession } from '../../lib/ssh/host-session';
import { type CutProxy, startCutProxy } from '../support/ssh-cut-proxy';

export interface ContractHost {
  readonly endpoint: HostEndpoint;
  readonly fingerprint: string;
  readonly homeFolder: string;
  stop(): Promise<void>;
}

const FOREVER = new AbortController().signal;

/** `setsid`, also for a host that has no such program. */
const OWN_SESSION = "perl -MPOSIX=setsid -e 'setsid(); exec @ARGV'";

/** What every host must do through `HostSession`, whatever SSH server it runs. */
export function hostSessionContract(name: string, setup: () => Promise<ContractHost>, followDelayMs = 150): void {
  describe(`a host session on ${name}`, () => {
    let host: ContractHost;
    let proxy: CutProxy;
    let session: SshHostSession;
    const extra: SshHostSession[] = [];

    /** Compiled against the pipeline's port, so that its shape is checked here as well. */
    async function connect(through: 'directly' | 'proxy' = 'directly'): Promise<SshHostSession> {
      const port = through === 'proxy' ? proxy.port : host.endpoint.port;
      const pinned = host.fingerprint;
      const opened = (await openHostSession({ ...host.endpoint, port }, { pinned })) satisfies HostSession;
      extra.push(opened);
      return opened;
    }

    const attemptFile = (id: string, file: string) => path.join(host.homeFolder, '.quantdeck', 'attempts', id, file);

    async function start(script: string, environment: Record<string, string> = {}): Promise<string> {
      const attemptId = randomUUID();
      await session.startAttempt({ attemptId, script, environment });
      return attemptId;
    }

    async function logOf(id: string, offset = 0) {
      const chunks: Uint8Array[] = [];
      const status = await session.followAttempt(id, offset, (chunk) => void chunks.push(chunk), FOREVER);
      return { status, bytes: Buffer.concat(chunks), text: Buffer.concat(chunks).toString() };
    }

    async function until(check: () => Promise<boolean>, timeoutMs = 8000): Promise<void> {
      const endMs = performance.now() + timeoutMs;
      while (!(await check())) {
        if (performance.now() > endMs) throw new Error('it did not happen in time');
        await sleep(20);
      }
    }

    const isAlive = async (pid: string) => {
      const text = await readFile(`/proc/${pid.trim()}/stat`, 'utf8').catch(() => '');
      return text !== '' && !/\) [ZX] /.test(text);
    };

    beforeAll(async () => {
      host = await setup();
      proxy = await startCutProxy(host.endpoint.port);
      session = await openHostSession(host.endpoint, { pinned: host.fingerprint });
    });
    afterEach(() => {
      for (const one of extra.splice(0)) one.close();
    });
    afterAll(async () => {
      session.close();
      await proxy.close();
      await host.stop();
    });

    describe('commands', () => {
      it('answers with both outputs and the exit code', async () => {
        const answer = await session.exec('echo out; echo err >&2; exit 3');
        expect(answer).toMatchObject({ exitCode: 3, signal: null, stdout: 'out\n', stderr: 'err\n' });
      });

      it('misses no answer of a command that ends at once', async () => {
        for (let turn = 0; turn < 25; turn += 1) {
          const answers = await Promise.all(
            Array.from({ length: 8 }, () => session.exec('echo x; echo y >&2; exit 3')),
          );
          for (const answer of answers) expect(answer).toMatchObject({ exitCode: 3, stdout: 'x\n', stderr: 'y\n' });
        }
      });

      it('names the signal that ended a command', async () => {
        const answer = await session.exec('kill -KILL $$');
        expect(answer).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
      });

      it('passes standard input', async () => {
        const text = `${'x'.repeat(300_000)}\nend`;
        expect((await session.exec('wc -c', { stdin: text })).stdout.trim()).toBe(String(text.length));
      });

      it('gives up on a command that takes too long', async () => {
        await expect(session.exec('sleep 20', { timeoutMs: 200 })).rejects.toMatchObject({
          failure: { code: 'host-timeout' },
        });
      });

      it('refuses an answer without an end', async () => {
        await expect(session.exec('yes', { maxBytes: 10_000 })).rejects.toMatchObject({
          failure: { code: 'command-failed' },
        });
        expect((await session.exec('echo still here')).stdout).toBe('still here\n');
      });

      it('ends a command when told to', async () => {
        const stop = new AbortController();
        setTimeout(() => stop.abort(new Error('enough')), 100);
        await expect(session.exec('sleep 20', { signal: stop.signal })).rejects.toThrow('enough');
      });

      it('runs more commands at once than the server has sessions', async () => {
        const answers = await Promise.all(
          Array.from({ length: 30 }, (_, index) => session.exec(`sleep 0.05; echo ${index}`)),
        );
        expect(answers.map((answer) => answer.stdout.trim())).toEqual(
          Array.from({ length: 30 }, (_, index) => String(index)),
        );
      });

      it('streams output until the signal aborts', async () => {
        const stop = new AbortController();
        let text = '';
        const streaming = session.stream(
          'while :; do echo tick; sleep 0.02; done',
          (chunk) => {
            text += Buffer.from(chunk).toString();
            if (text.length > 20) stop.abort(new Error('seen enough'));
          },
          stop.signal,
        );
        await expect(streaming).rejects.toThrow('seen enough');
        expect(text.startsWith('tick\ntick\n')).toBe(true);
      });

      it('loses and repeats nothing of two outputs that a slow reader holds back', async () => {
        const script =
          'i=0; while [ $i -lt 150 ]; do head -c 40000 /dev/zero | tr "\\0" o; head -c 40000 /dev/zero | tr "\\0" e >&2; i=$((i+1)); done';
        const answer = await session.exec(script, { maxBytes: 10_000_000 });
        expect(answer.stdout).toBe('o'.repeat(6_000_000));
        let bytes = 0;
        const slow = await session.stream(
          script,
          async (chunk) => {
            await sleep(1);
            bytes += chunk.length;
          },
          FOREVER,
        );
        expect(bytes).toBe(6_000_000);
        expect(slow.stderr).toMatch(/^e+$/);
      });

      it('says host-lost to everything under way when the connection is cut', async () => {
        const cut = await connect('proxy');
        const closed = new Promise<void>((resolve) => cut.onClose(resolve));
        const waiting = [cut.exec('sleep 20'), cut.stream('sleep 20', () => undefined, FOREVER)].map((one) =>
          expect(one).rejects.toMatchObject({ failure: { code: 'host-lost', isTransient: true } }),
        );
        await sleep(150);
        proxy.cut();
        await Promise.all(waiting);
        await closed;
        await expect(cut.exec('true')).rejects.toMatchObject({ failure: { code: 'host-lost' } });
        await expect(cut.stat('/')).rejects.toMatchObject({ failure: { code: 'host-lost' } });
      });
    });

    describe('attempts', () => {
      it('runs a script to its exit code and keeps its whole output', async () => {
        const id = await start('echo one; echo two >&2; exit 7\n');
        const { status, text } = await logOf(id);
        expect(text).toBe('one\ntwo\n');
        expect(status).toEqual({ state: 'exited', exitCode: 7, logEnd: 8, logBytes: 8, cancelRequested: false });
      });

      it('starts and follows in one call, and follows what has started or ended', async () => {
        const attemptId = randomUUID();
        const program = {
          attemptId,
          script: `${'# a long script\n'.repeat(20_000)}echo ran >>"$HOME/runs-$NAME"; echo one; sleep 0.3; echo two >&2; exit 7\n`,
          environment: { NAME: attemptId },
        };
        const run = async (one: HostSession, offset: number) => {
          const chunks: Uint8Array[] = [];
          const take = (chunk: Uint8Array) => void chunks.push(chunk);
          const status = await one.runAttempt(program, offset, take, FOREVER);
          return { status, text: Buffer.concat(chunks).toString() };
        };
        const others = await Promise.all([connect(), connect()]);
        const all = [
          await Promise.all([session, ...others, session].map((one) => run(one, 0))),
          [await run(session, 0)],
        ];
        const status = { state: 'exited', exitCode: 7, logEnd: 8, logBytes: 8, cancelRequested: false };
        for (const end of all.flat()) expect(end).toEqual({ status, text: 'one\ntwo\n' });
        expect(await run(session, 5)).toEqual({ status, text: 'wo\n' });
        expect(await readFile(path.join(host.homeFolder, `runs-${attemptId}`), 'utf8')).toBe('ran\n');
        const left = await readdir(path.dirname(attemptFile(attemptId, 'x')));
        expect(left.filter((file) => /env|upload|\.\d+$/.test(file))).toEqual([]);
      });

      it('leaves nothing running on the host when it stops following', async () => {
        const id = await start('exec sleep 60');
        const stop = new AbortController();
        const following = session.followAttempt(id, 0, () => undefined, stop.signal);
        const rejected = expect(following).rejects.toThrow('enough');
        const watchers = async () =>
          (await session.exec(`ps -eo args | grep -F ${id} | grep -c -E 'follow|tail' || :`)).stdout.trim();
        await until(async () => Number(await watchers()) > 2);
        stop.abort(new Error('enough'));
        await rejected;
        // The command that looks is one of them.
        await until(async () => Number(await watchers()) <= 1);
        await session.cancelAttempt(id, 0);
      });

      it('takes a log that a crash of the host has shortened for no fault of its own', async () => {
        const id = await start('seq 1 1000; exec sleep 60');
        const chunks: Uint8Array[] = [];
        const boot = attemptFile(id, 'boot');
        await until(async () => (await stat(attemptFile(id, 'log'))).size > 3000);
        const real = await readFile(boot, 'utf8');
        await writeFile(boot, 'another-boot.1\n');
        const status = await session.followAttempt(id, 5000, (chunk) => void chunks.push(chunk), FOREVER);
        expect(status).toMatchObject({ state: 'rebooted', exitCode: null });
        expect(Buffer.concat(chunks).toString()).toBe('');
        await writeFile(boot, real);
        await session.cancelAttempt(id, 0);
      });

      it('starts once, however many times and ways at once it is told to', async () => {
        const attemptId = randomUUID();
        const others = await Promise.all([connect(), connect(), connect()]);
        const program = {
          attemptId,
          script: 'echo ran >>"$HOME/count-$NAME"; sleep 0.3',
          environment: { NAME: attemptId },
        };
        const all = [session, ...others, session, ...others].map((one) => one.startAttempt(program));
        const states = (await Promise.all(all)).map((status) => status.state);
        expect(states).toHaveLength(8);
        expect(new Set(states)).not.toContain('absent');
        await logOf(attemptId);
        expect((await session.startAttempt(program)).state).toBe('exited');
        expect(await readFile(path.join(host.homeFolder, `count-${attemptId}`), 'utf8')).toBe('ran\n');
        const left = await readdir(path.dirname(attemptFile(attemptId, 'x')));
        expect(left.filter((file) => /env|upload|\.\d+$/.test(file))).toEqual([]);
      });

      it('shows no secret in the process list and leaves none on disk', async () => {
        const secret = `hf_${randomBytes(12).toString('hex')}'"$\\`;
        const id = await start('printf %s "$TOKEN" | wc -c; ps -eo args; exec sleep 0.5', { TOKEN: secret });
        const { text } = await logOf(id);
        expect(text.split('\n')[0]?.trim()).toBe(String(secret.length));
        expect(text).not.toContain(secret.slice(0, 20));
        const folder = path.dirname(attemptFile(id, 'x'));
        expect(await readdir(folder)).not.toContain('env');
        for (const file of ['cmd', 'log', 'exit', 'sup', 'child'])
          expect(await readFile(path.join(folder, file), 'utf8')).not.toContain(secret);
        expect((await stat(folder)).mode & 0o777).toBe(0o700);
      });

      it('hands out a binary log byte for byte', async () => {
        const bytes = randomBytes(300_000);
        await writeFile(path.join(host.homeFolder, 'bytes'), bytes);
        const { bytes: got } = await logOf(await start('cat "$HOME/bytes"'));
        expect(got.equals(bytes)).toBe(true);
      });

      it('follows while the log grows and notices the end at once', async () => {
        const id = await start('i=0; while [ $i -lt 20 ]; do date +%s%N; i=$((i+1)); sleep 0.02; done');
        const delays: number[] = [];
        let text = '';
        await session.followAttempt(
          id,
          0,
          (chunk) => {
            text += Buffer.from(chunk).toString();
            delays.push(Date.now() - Number(text.trim().split('\n').at(-1)) / 1e6);
          },
          FOREVER,
        );
        const endedMs = Date.now() - (await stat(attemptFile(id, 'exit'))).mtimeMs;
        expect(text.trim().split('\n')).toHaveLength(20);
        expect(delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)]).toBeLessThan(followDelayMs);
        expect(endedMs).toBeLessThan(400 + followDelayMs);
      });

      it('delivers every byte once over many cuts and resumes', async () => {
        const id = randomUUID();
        const script = 'i=0; while [ $i -lt 60 ]; do head -c 20000 /dev/urandom; i=$((i+1)); sleep 0.01; done; exit 3';
        const program = { attemptId: id, script, environment: {} };
        const hash = createHash('sha256');
        let offset = 0;
        let cuts = 0;
        for (;;) {
          // The handshake takes about 3 kB, so each connection gets somewhere before it is cut.
          proxy.cutAfter(cuts < 12 ? 6000 + Math.floor(Math.random() * 150_000) : null);
          try {
            const through = await connect('proxy');
            const status = await through.runAttempt(
              program,
              offset,
              async (chunk, at) => {
                expect(at).toBe(offset);
                if (Math.random() < 0.1) await sleep(2);
                hash.update(chunk);
                offset += chunk.length;
              },
              FOREVER,
            );
            expect(status).toMatchObject({ state: 'exited', exitCode: 3 });
            break;
          } catch (error) {
            expect(error).toMatchObject({ failure: { isTransient: true } });
            cuts += 1;
          }
        }
        proxy.cutAfter(null);
        expect(cuts).toBeGreaterThan(3);
        expect(offset).toBe(1_200_000);
        const log = await readFile(attemptFile(id, 'log'));
        expect(hash.digest('hex')).toBe(createHash('sha256').update(log).digest('hex'));
      });

      it('resumes at any offset', async () => {
        const id = await start('seq 1 2000');
        const whole = (await logOf(id)).text;
        for (const offset of [0, 1, 777, whole.length - 1, whole.length])
          expect((await logOf(id, offset)).text).toBe(whole.slice(offset));
      });

      it('reads no further while what it handed out is still being stored', async () => {
        const id = await start('head -c 12000000 /dev/zero; sleep 0.2; echo end');
        let isBusy = false;
        let bytes = 0;
        await session.followAttempt(
          id,
          0,
          async (chunk) => {
            expect(isBusy).toBe(false);
            isBusy = true;
            await sleep(1);
            bytes += chunk.length;
            isBusy = false;
          },
          FOREVER,
        );
        expect(bytes).toBe(12_000_004);
      });

      it('goes on without us when the connection dies', async () => {
        const through = await connect('proxy');
        const attemptId = randomUUID();
        await through.startAttempt({
          attemptId,
          script: 'for i in 1 2 3 4 5; do echo $i; sleep 0.1; done; exit 4',
          environment: {},
        });
        proxy.cut();
        expect(await logOf(attemptId)).toMatchObject({ text: '1\n2\n3\n4\n5\n', status: { exitCode: 4 } });
      });

      it('never runs when it was canceled before it started', async () => {
        const attemptId = randomUUID();
        expect(await session.cancelAttempt(attemptId, 100)).toMatchObject({
          left: 0,
          status: { cancelRequested: true },
        });
        await session.startAttempt({ attemptId, script: 'touch "$HOME/ran-after-cancel"', environment: {} });
        expect((await logOf(attemptId)).status).toMatchObject({
          state: 'exited',
          exitCode: 143,
          cancelRequested: true,
        });
        await expect(stat(path.join(host.homeFolder, 'ran-after-cancel'))).rejects.toThrow('ENOENT');
      });

      it('cancels a tree that ignores TERM, has sessions of its own or no environment', async () => {
        const id = await start(`trap '' TERM
${OWN_SESSION} sh -c 'trap "" TERM; echo $$ >"$HOME/pid-own-session"; sleep 60' &
env -i sh -c 'trap "" TERM; echo $$ >'"$HOME"'/pid-no-environment; sleep 60' &
echo $$ >"$HOME/pid-main"
while :; do sleep 1; done`);
        const pids = ['pid-own-session', 'pid-no-environment', 'pid-main'];
        const read = (file: string) => readFile(path.join(host.homeFolder, file), 'utf8').catch(() => '');
        await until(async () => (await Promise.all(pids.map(read))).every((pid) => pid.trim() !== ''));
        const { left, status } = await session.cancelAttempt(id, 300);
        expect(left).toBe(0);
        expect(status).toMatchObject({ state: 'exited', exitCode: 137, cancelRequested: true });
        for (const pid of await Promise.all(pids.map(read))) expect(await isAlive(pid)).toBe(false);
      });

      it('lets a tidy program end itself when it is canceled', async () => {
        const id = await start('trap "echo tidied; exit 9" TERM; echo ready; while :; do sleep 0.05; done');
        await until(async () => (await session.attemptStatus(id)).logBytes > 0);
        const { status } = await session.cancelAttempt(id, 5000);
        expect(status.exitCode).toBe(9);
        // Some shells remark on the sleep that was ended with them.
        expect((await logOf(id)).text).toMatch(/^ready\n(Terminated\n)?tidied\n$/);
      });

      it('does nothing when it cancels what has ended', async () => {
        const id = await start('exit 5');
        await logOf(id);
        expect(await session.cancelAttempt(id, 100)).toMatchObject({
          left: 0,
          status: { state: 'exited', exitCode: 5 },
        });
      });

      it('says 137 when the work was killed', async () => {
        expect((await logOf(await start('kill -KILL $$'))).status.exitCode).toBe(137);
      });

      it('tells orphaned work from lost work when its supervisor is killed', async () => {
        const id = await start('echo alive; exec sleep 60');
        process.kill(Number((await readFile(attemptFile(id, 'sup'), 'utf8')).split(' ')[0]), 'SIGKILL');
        await until(async () => (await session.attemptStatus(id)).state === 'orphaned');
        const following = logOf(id);
        expect(await session.cancelAttempt(id, 100)).toMatchObject({
          left: 0,
          status: { state: 'lost', exitCode: null },
        });
        expect(await following).toMatchObject({ text: 'alive\n', status: { state: 'lost' } });
      });

      it('does not take a stranger with the same process id for its own', async () => {
        const id = await start('exec sleep 60');
        const supervisor = (await readFile(attemptFile(id, 'sup'), 'utf8')).split(' ')[0];
        await session.cancelAttempt(id, 0);
        const forged = randomUUID();
        const folder = path.dirname(attemptFile(forged, 'x'));
        await mkdir(path.join(folder, 'claim'), { recursive: true });
        await writeFile(path.join(folder, 'sup'), `${process.pid} 12345\n`);
        await writeFile(path.join(folder, 'child'), `${process.pid} 12345\n`);
        expect(supervisor).toMatch(/^\d+$/);
        expect(await session.cancelAttempt(forged, 0)).toMatchObject({ left: 0, status: { state: 'lost' } });
      });

      it('knows that nothing can be alive after a restart of the host', async () => {
        const id = await start('exec sleep 60');
        const boot = attemptFile(id, 'boot');
        const real = await readFile(boot, 'utf8');
        await writeFile(boot, 'another-boot.1\n');
        expect((await session.attemptStatus(id)).state).toBe('rebooted');
        await writeFile(boot, real);
        await session.cancelAttempt(id, 0);
      });

      it('says absent for what was never there', async () => {
        expect((await session.attemptStatus(randomUUID())).state).toBe('absent');
        expect((await logOf(randomUUID())).status.state).toBe('absent');
      });

      it('refuses an id that is none', async () => {
        await expect(session.attemptStatus('../../../etc/passwd-and-more')).rejects.toMatchObject({
          failure: { code: 'invalid-input' },
        });
      });

      it('hands out nothing of a log that shrank while nobody followed', async () => {
        const id = await start('seq 1 1000; exec sleep 60');
        await until(async () => (await stat(attemptFile(id, 'log'))).size > 3000);
        const chunks: Uint8Array[] = [];
        const following = session.followAttempt(id, 5000, (chunk) => void chunks.push(chunk), FOREVER);
        await expect(following).rejects.toMatchObject({ failure: { code: 'log-shrank' } });
        expect(chunks).toEqual([]);
        await session.cancelAttempt(id, 0);
      });

      it('says that the log shrank instead of waiting for ever', async () => {
        const id = await start('seq 1 1000; sleep 20');
        let bytes = 0;
        const following = session.followAttempt(
          id,
          0,
          (chunk) => {
            bytes += chunk.length;
          },
          FOREVER,
        );
        const refused = expect(following).rejects.toMatchObject({ failure: { code: 'log-shrank' } });
        await until(() => Promise.resolve(bytes > 3000));
        await truncate(attemptFile(id, 'log'), 0);
        await refused;
        await session.cancelAttempt(id, 0);
      });
    });

    describe('files', () => {
      const oddNames = ["it's", 'two words', 'line\nend', '"quoted" $HOME `id` \\', '-rf', 'ümläut 漢字', '*?[x]'];

      it('writes, looks at, lists and reads files of any name', async () => {
        const folder = path.join(host.homeFolder, "odd 'folder");
        for (const name of oddNames) await session.writeFile(path.join(folder, name), `content of ${name}`);
        const listed = await session.listFolder(folder);
        expect(listed.map((file) => path.basename(file.path)).sort()).toEqual([...oddNames].sort());
        for (const name of oddNames) {
          const file = path.join(folder, name);
          const text = `content of ${name}`;
          expect(await session.stat(file)).toMatchObject({
            path: file,
            sizeBytes: Buffer.byteLength(text),
            isFolder: false,
          });
          expect(Buffer.from(await session.readRange(file, 8, 1000)).toString()).toBe(text.slice(8));
          expect((await stat(file)).mode & 0o777).toBe(0o600);
        }
        expect(await session.stat(folder)).toMatchObject({ isFolder: true });
        expect(await session.stat(path.join(folder, 'nothing'))).toBeNull();
      });

      it('reads exactly the bytes asked for, and fewer at the end', async () => {
        const bytes = randomBytes(700_001);
        await session.writeFile('~/range', bytes, 0o644);
        expect((await stat(path.join(host.homeFolder, 'range'))).mode & 0o777).toBe(0o644);
        for (const [offset, length] of [
          [0, 700_001],
          [5, 10],
          [33_000, 600_000],
          [700_000, 50],
          [700_001, 5],
          [900_000, 5],
          [3, 0],
        ] as const) {
          const got = await session.readRange('~/range', offset, length);
          expect(Buffer.from(got).equals(bytes.subarray(offset, offset + length))).toBe(true);
        }
      });

      it('shows what links lead to', async () => {
        const folder = path.join(host.homeFolder, 'links');
        await mkdir(folder);
        await writeFile(path.join(host.homeFolder, 'blob'), '12345');
        await symlink('../blob', path.join(folder, 'model.bin'));
        await symlink('nowhere', path.join(folder, 'dangling'));
        expect(await session.listFolder(folder)).toMatchObject([
          { path: path.join(folder, 'model.bin'), sizeBytes: 5, isFolder: false },
        ]);
      });

      it('says not-found for a folder that is not there', async () => {
        await expect(session.listFolder('/no/such/folder')).rejects.toMatchObject({ failure: { code: 'not-found' } });
        await expect(session.readRange('/no/such/file', 0, 1)).rejects.toMatchObject({
          failure: { code: 'not-found' },
        });
      });

      it('says why a file could not be written', async () => {
        await expect(session.writeFile('/proc/quantdeck/x', 'y')).rejects.toMatchObject({
          failure: { code: 'host-not-writable' },
        });
      });

      it('downloads any range in order and unchanged', async () => {
        const bytes = randomBytes(9_000_011);
        const file = path.join(host.homeFolder, "weights of 'x'\n.gguf");
        await writeFile(file, bytes);
        for (const [offset, length] of [
          [0, bytes.length],
          [1, 4_000_000],
          [4_000_001, 5_000_010],
          [bytes.length - 1, 1],
          [7, 0],
        ] as const) {
          const chunks: Uint8Array[] = [];
          let next = offset;
          await session.download(
            file,
            { offset, length },
            async (chunk, at) => {
              expect(at).toBe(next);
              next += chunk.length;
              if (Math.random() < 0.02) await sleep(1);
              chunks.push(chunk);
            },
            FOREVER,
          );
          expect(Buffer.concat(chunks).equals(bytes.subarray(offset, offset + length))).toBe(true);
        }
      });

      it('resumes a download that is cut again and again', async () => {
        const bytes = randomBytes(6_000_000);
        await writeFile(path.join(host.homeFolder, 'cut'), bytes);
        const chunks: Uint8Array[] = [];
        let offset = 0;
        let cuts = 0;
        while (offset < bytes.length) {
          proxy.cutAfter(cuts < 4 ? 500_000 + Math.floor(Math.random() * 1_000_000) : null);
          const through = await connect('proxy');
          await through
            .download(
              '~/cut',
              { offset, length: bytes.length - offset },
              (chunk, at) => {
                expect(at).toBe(offset);
                offset += chunk.length;
                chunks.push(chunk);
              },
              FOREVER,
            )
            .catch((error: unknown) => {
              expect(error).toMatchObject({ failure: { code: 'host-lost' } });
              cuts += 1;
            });
        }
        proxy.cutAfter(null);
        expect(cuts).toBeGreaterThan(1);
        expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
      });

      it('says what is wrong with a download', async () => {
        await writeFile(path.join(host.homeFolder, 'short'), 'abc');
        const take = () => undefined;
        await expect(session.download('~/none', { offset: 0, length: 5 }, take, FOREVER)).rejects.toMatchObject({
          failure: { code: 'artifact-missing' },
        });
        await expect(session.download('~/short', { offset: 0, length: 5 }, take, FOREVER)).rejects.toMatchObject({
          failure: { code: 'transfer-failed' },
        });
        const disk = new Error('the disk is full');
        await expect(
          session.download('~/short', { offset: 0, length: 3 }, () => Promise.reject(disk), FOREVER),
        ).rejects.toBe(disk);
        expect((await session.exec('echo fine')).stdout).toBe('fine\n');
      });

      it('uploads, continues at an offset and cuts off what was beyond it', async () => {
        const bytes = randomBytes(3_000_000);
        const pieces = async function* (from: number, to: number) {
          for (let at = from; at < to; at += 100_000) yield bytes.subarray(at, Math.min(to, at + 100_000));
        };
        const file = path.join(host.homeFolder, "up 'load", 'model');
        await session.upload(file, 0, pieces(0, 2_000_000), FOREVER);
        await session.upload(file, 1_500_000, pieces(1_500_000, bytes.length), FOREVER);
        expect((await readFile(file)).equals(bytes)).toBe(true);
        await expect(session.upload(file, 5_000_000, pieces(0, 1), FOREVER)).rejects.toMatchObject({
          failure: { code: 'transfer-failed' },
        });
        await session.upload(file, 0, pieces(0, 0), FOREVER);
        expect((await stat(file)).size).toBe(0);
      });

      it('passes on what the source of an upload throws', async () => {
        const source = async function* () {
          yield Buffer.from('a');
          throw new Error('the local disk failed');
        };
        await expect(session.upload('~/broken', 0, source(), FOREVER)).rejects.toThrow('the local disk failed');
      });
    });

    it.skipIf(process.getuid?.() !== 0)('says what may not be written or read', async () => {
      const file = path.join(host.homeFolder, 'locked');
      await writeFile(file, 'x');
      await chmod(file, 0);
      // Root may read everything, so only the mode is looked at here.
      expect(await session.stat(file)).toMatchObject({ sizeBytes: 1 });
    });
  });
}
