import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Progress } from '../../lib/domain/progress';
import { type TransferRequest, transferHome } from '../../lib/pipeline/artifact-transfer';
import type { HostSession } from '../../lib/pipeline/host-port';
import type { ArtifactRecord } from '../../lib/pipeline/ledger-port';
import type { ArtifactHome } from '../../lib/pipeline/ports';
import { QuietTime } from '../../lib/pipeline/quiet-time';
import { createArtifactHome } from '../../lib/store/artifact-home';

const bytes = randomBytes(2_000_003);
const sha256 = createHash('sha256').update(bytes).digest('hex');

let folder: string;
let hostPath: string;
let home: ArtifactHome;
let progress: Progress[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-transfer-'));
  hostPath = path.join(folder, 'x.gguf');
  await writeFile(hostPath, bytes);
  home = createArtifactHome(path.join(folder, 'artifacts'));
  progress = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function bring(
  changes: Partial<ArtifactRecord> = {},
  over: Partial<ArtifactHome> = {},
  request: Partial<TransferRequest> = {},
): Promise<string> {
  const artifact = { fileName: 'x.gguf', hostPath, sha256, sizeBytes: bytes.length, ...changes } as ArtifactRecord;
  return transferHome({
    artifact,
    jobId: 'job',
    host: {} as TransferRequest['host'],
    ownDisk: true,
    home: { ...home, ...over },
    clock: { now: () => new Date(), monotonicMs: () => performance.now(), sleep: async () => undefined },
    signal: new AbortController().signal,
    report: (one) => progress.push(one),
    ...request,
  });
}

describe('bringing a file home from the own disk', () => {
  it('gives it its name once its hash is right, and finds it there the next time', async () => {
    const file = await bring();
    expect((await readFile(file)).equals(bytes)).toBe(true);
    expect(progress.at(-1)).toMatchObject({ done: bytes.length, total: bytes.length });
    await rm(hostPath);
    expect(await bring()).toBe(file);
  });

  it('rests while something is measured, and stops in the middle of its rest when it is told to', async () => {
    const quiet = new QuietTime();
    const stop = new AbortController();
    quiet.set(true);
    const resting = bring({}, {}, { quiet });
    const stopped = bring({ fileName: 'y.gguf' }, {}, { quiet, signal: stop.signal });
    stopped.catch(() => undefined);
    await sleep(300);
    expect(progress).toEqual([]);
    expect(await home.partLength(await home.pathFor('job', 'x.gguf'))).toBe(0);
    stop.abort('canceled');
    await expect(stopped).rejects.toBe('canceled');
    quiet.set(false);
    expect((await readFile(await resting)).equals(bytes)).toBe(true);
  });

  it('of another machine takes nothing more while something is measured', async () => {
    const quiet = new QuietTime();
    const taken: boolean[] = [];
    const download: HostSession['download'] = async (_path, range, take) => {
      for (let at = range.offset; at < bytes.length; at += 500_000) {
        if (at === 1_000_000) quiet.set(true);
        const pending = take(bytes.subarray(at, at + 500_000), at);
        if (quiet.isOn) setTimeout(() => quiet.set(false), 50);
        await pending;
        taken.push(quiet.isOn);
      }
    };
    const host = { withSession: (work: (session: unknown) => unknown) => work({ download }) };
    const file = await bring({}, {}, { quiet, ownDisk: false, host: host as unknown as TransferRequest['host'] });
    expect((await readFile(file)).equals(bytes)).toBe(true);
    expect(taken.length).toBeGreaterThan(3);
    expect(taken).not.toContain(true);
  });

  it('continues what an earlier try has brought', async () => {
    const part = `${await home.pathFor('job', 'x.gguf')}.part`;
    await writeFile(part, bytes.subarray(0, 1_500_000));
    expect((await readFile(await bring())).equals(bytes)).toBe(true);
    expect(progress[0]?.done).toBeGreaterThanOrEqual(1_500_000);
  });

  it('keeps nothing of a file whose bytes are not those that were proven', async () => {
    await writeFile(hostPath, randomBytes(bytes.length));
    await expect(bring()).rejects.toMatchObject({ failure: { code: 'transfer-corrupt', isTransient: true } });
    const file = await home.pathFor('job', 'x.gguf');
    expect(await home.partLength(file)).toBe(0);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('says in words when it is shorter, does not fit, or is gone', async () => {
    const codeOf = async (changes: Partial<ArtifactRecord>) => bring(changes).catch((error) => error.failure.code);
    expect(await codeOf({ sizeBytes: bytes.length + 1 })).toBe('transfer-failed');
    expect(await codeOf({ sizeBytes: 2 ** 60 })).toBe('dashboard-disk-full');
    await rm(hostPath);
    expect(await codeOf({})).toBe('artifact-missing');
  });

  it('says so when somebody else fills the disk meanwhile', async () => {
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    const failing = bring({}, { copyFrom: () => Promise.reject(full) });
    await expect(failing).rejects.toMatchObject({ failure: { code: 'dashboard-disk-full' }, cause: full });
  });
});
