import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Progress } from '../../lib/domain/progress';
import { type TransferRequest, transferHome } from '../../lib/pipeline/artifact-transfer';
import type { ArtifactRecord } from '../../lib/pipeline/ledger-port';
import type { ArtifactHome } from '../../lib/pipeline/ports';
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

function bring(changes: Partial<ArtifactRecord> = {}, over: Partial<ArtifactHome> = {}): Promise<string> {
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
