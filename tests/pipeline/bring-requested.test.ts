import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestBringHome } from '../../lib/commands/request-bring-home';
import type { HostSession } from '../../lib/pipeline/host-port';
import { Worker } from '../../lib/pipeline/worker';
import { createArtifactHome } from '../../lib/store/artifact-home';
import { artifactLocation, findArtifact } from '../../lib/store/artifact-views';
import { runtime } from '../../lib/store/runtime';
import {
  addTestArtifact,
  addTestInstance,
  addTestJob,
  openTestDatabase,
  type TestDatabase,
} from '../support/test-database';
import { testJobWorld } from '../support/test-job-world';

const bytes = randomBytes(20_000_000);
const HALF = bytes.length / 2;

let database: TestDatabase;
let artifactId: string;
beforeAll(async () => {
  database = await openTestDatabase();
  const jobId = await addTestJob(await addTestInstance('host-a'));
  await addTestArtifact(jobId);
  artifactId = `artifact-of-${jobId}`;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await runtime().client.artifact.updateMany({ data: { sha256, sizeBytes: BigInt(bytes.length) } });
  await runtime().client.job.updateMany({ data: { status: 'succeeded' } });
});
afterAll(() => database.close());

/** Where each download began. */
const offsets: number[] = [];

/** A dashboard's worker; the first half of a file comes at once, the rest when `untilRest` has resolved. */
function startWorker(untilRest: (signal: AbortSignal) => Promise<void>): Worker {
  const download: HostSession['download'] = async (_path, { offset }, onData, signal) => {
    offsets.push(offset);
    for (let at = offset; at < bytes.length; at += 1_000_000) {
      if (at === HALF) await untilRest(signal);
      await onData(bytes.subarray(at, at + 1_000_000), at);
    }
  };
  const session: Partial<HostSession> = { download, onClose: () => undefined, close: () => undefined };
  const world = testJobWorld({
    connectHost: async () => session as HostSession,
    home: createArtifactHome(path.join(database.dataFolder, 'artifacts')),
    instances: { find: async () => ({ name: 'a', kind: 'ssh', toolchainPath: null }) },
  });
  const nothing = async () => null;
  const checks = {
    instances: { checks: { claimRequestedCheck: nothing } },
    models: { requeue: nothing, claim: nothing },
  };
  return new Worker(world, checks as unknown as ConstructorParameters<typeof Worker>[1]);
}

it('a copy that a person asked for shows how far it is, outlives an orderly stop, and goes on at the byte reached', async () => {
  await requestBringHome(artifactId);
  let isAtRest = false;
  const first = startWorker((signal) => {
    isAtRest = true;
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  await first.start();
  await expect
    .poll(async () => (await findArtifact(artifactId))?.bringHomeProgress, { timeout: 10_000 })
    .toMatchObject({ phase: 'bringing home', total: bytes.length, done: expect.any(Number) });
  await expect.poll(() => isAtRest, { timeout: 10_000 }).toBe(true);
  await first.stop();
  expect(await findArtifact(artifactId)).toMatchObject({ bringHomeState: 'running', bringHomeFailure: null });

  const second = startWorker(async () => undefined);
  await second.start();
  await expect.poll(async () => (await findArtifact(artifactId))?.bringHomeState, { timeout: 10_000 }).toBe('done');
  await second.stop();
  expect(offsets).toEqual([0, HALF]);
  expect(await findArtifact(artifactId)).toMatchObject({ place: 'both', bringHomeProgress: null });
  const { homePath } = (await artifactLocation(artifactId)) ?? {};
  expect((await readFile(homePath ?? '')).equals(bytes)).toBe(true);
});
