import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostSession } from '../../lib/pipeline/host-port';
import type { AttemptRecord } from '../../lib/pipeline/ledger-port';
import type { HubListing } from '../../lib/pipeline/ports';
import { fetchModel } from '../../lib/pipeline/steps/fetch-model';
import { fetchContext } from '../support/fetch-context';

const MB = 1_000_000;
/** For two shards, the float file and the margin. */
const NEEDED_BYTES = 571 * MB;
const SHARD = 'model-00001-of-00002.safetensors';
const listing: HubListing = {
  repo: 'a/b',
  commit: 'c'.repeat(40),
  files: ['config.json', SHARD, 'model-00002-of-00002.safetensors'].map((name) => ({
    path: name,
    sizeBytes: name === 'config.json' ? 2 : 8 * MB,
    sha256: null,
    gitOid: null,
    url: `http://127.0.0.1/${name}`,
  })),
};
const running: AttemptRecord = { id: 'a', number: 1, kind: 'remote', logStart: 0, exitCode: null, endedAt: null };

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'quantdeck-fetch-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A host whose commands run here, with the disk and the attempt that the test says. */
function plan(diskFreeBytes: number, attempt: AttemptRecord | null) {
  const exec: HostSession['exec'] = (script) =>
    new Promise((resolve) => {
      execFile('/bin/sh', ['-c', script], (error, stdout, stderr) => {
        resolve({ exitCode: error ? 1 : 0, signal: null, stdout, stderr, durationMs: 0 });
      });
    });
  const session: Partial<HostSession> = { homeFolder: home, exec, writeFile: async () => undefined };
  const hub = { list: async () => listing, fetchProgram: async () => ({ script: 'fetch', environment: {} }) };
  return fetchModel.plan(
    fetchContext({
      source: { kind: 'hub', repo: 'a/b', revision: 'main' },
      session: () => session as HostSession,
      attempt,
      diskFreeBytes: () => diskFreeBytes,
      world: { hub: async () => hub } as never,
    }),
  );
}

describe('fetching a model', () => {
  it('is not refused for the room that its own running download takes', async () => {
    await expect(plan(NEEDED_BYTES, null)).resolves.toMatchObject({ kind: 'remote' });
    await expect(plan(NEEDED_BYTES - 16 * MB, null)).rejects.toMatchObject({
      failure: { code: 'host-disk-too-small', message: expect.stringMatching(/needs .*\d.* of free disk .*\d/) },
    });
    await expect(plan(0, running)).resolves.toMatchObject({ kind: 'remote' });
    await expect(plan(0, { ...running, exitCode: 1, endedAt: new Date() })).rejects.toMatchObject({
      failure: { code: 'host-disk-too-small' },
    });
  });

  it('needs no room again for what is there, whole or in parts with holes', async () => {
    const folder = path.join(home, '.quantdeck/models/a--b', listing.commit);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, SHARD), Buffer.alloc(8 * MB, 1));
    const part = await open(path.join(folder, 'model-00002-of-00002.safetensors.part'), 'w');
    await part.truncate(8 * MB);
    await part.write(Buffer.alloc(4 * MB, 1), 0, 4 * MB, 2 * MB);
    await part.sync();
    await part.close();
    await expect(plan(NEEDED_BYTES - 11.9 * MB, null)).resolves.toMatchObject({ kind: 'remote' });
    await expect(plan(NEEDED_BYTES - 16 * MB, null)).rejects.toMatchObject({
      failure: { code: 'host-disk-too-small' },
    });
  });
});
