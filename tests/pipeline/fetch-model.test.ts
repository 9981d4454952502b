import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHub } from '../../lib/hub/create-hub';
import type { HostSession } from '../../lib/pipeline/host-port';
import type { AttemptRecord } from '../../lib/pipeline/ledger-port';
import type { HubListing } from '../../lib/pipeline/ports';
import type { FetchedSource } from '../../lib/pipeline/step-context';
import { fetchModel } from '../../lib/pipeline/steps/fetch-model';
import { startFakeHub } from '../support/fake-hub/fake-hub';
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

function run(script: string, environment: Readonly<Record<string, string>> = {}): ReturnType<HostSession['exec']> {
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', script], { env: { ...process.env, ...environment } }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? 1 : 0, signal: null, stdout, stderr, durationMs: 0 });
    });
  });
}

/** A host whose commands run here. */
function localSession(): HostSession {
  const session: Partial<HostSession> = {
    homeFolder: home,
    exec: (script) => run(script),
    writeFile: async () => undefined,
    stat: async (file) => {
      const found = await stat(file).catch(() => null);
      return found && { path: file, sizeBytes: found.size, modifiedAtMs: found.mtimeMs, isFolder: found.isDirectory() };
    },
  };
  return session as HostSession;
}

/** With the disk and the attempt that the test says. */
function plan(diskFreeBytes: number, attempt: AttemptRecord | null) {
  const hub = { list: async () => listing, fetchProgram: async () => ({ script: 'fetch', environment: {} }) };
  return fetchModel.plan(
    fetchContext({
      source: { kind: 'hub', repo: 'a/b', revision: 'main' },
      session: localSession,
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

  it('hashes every file again when it is asked for again, and fetches what is damaged at its right size', async () => {
    const weights = Buffer.alloc(100_000, 7);
    const files = { 'config.json': '{}', 'model.safetensors': weights, 'vocab.json': '{"a":1}' };
    const server = await startFakeHub({ repos: { 'a/b': { files } } });
    const hub = createHub({ endpoint: server.url, token: null });
    const fetchOnce = async (isAgain: boolean) => {
      const context = fetchContext({
        source: { kind: 'hub', repo: 'a/b', revision: 'main' },
        session: localSession,
        world: { hub: async () => hub } as never,
      });
      context.step = { ...context.step, isAgain };
      const before = await fetchModel.check(context, 'before');
      if (before.done) return before.result as FetchedSource;
      const planned = await fetchModel.plan(context);
      if (planned.kind !== 'remote') throw new Error(`planned as ${planned.kind}`);
      expect(await fetchModel.check(context, 'after')).toMatchObject({ done: false });
      await run(planned.script, planned.environment);
      const after = await fetchModel.check(context, 'after');
      return after.done ? (after.result as FetchedSource) : null;
    };
    try {
      const { folder } = (await fetchOnce(false)) ?? {};
      const damaged = path.join(folder ?? '', 'model.safetensors');
      const fetchedOnce = server.requests.filter(({ path: address }) => address.includes('/resolve/')).length;
      await writeFile(damaged, Buffer.concat([weights.subarray(1), Buffer.from([8])]));
      // Without a person's doubt the proof of the first time holds.
      expect(await fetchOnce(false)).toMatchObject({ folder });
      expect(await fetchOnce(true)).toMatchObject({ folder });
      expect((await readFile(damaged)).equals(weights)).toBe(true);
      const fetched = server.requests.filter(({ path: address }) => address.includes('/resolve/')).slice(fetchedOnce);
      expect(new Set(fetched.map(({ path: address }) => path.basename(address)))).toEqual(
        new Set(['model.safetensors']),
      );
    } finally {
      await server.close();
    }
  });
});
