import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { artifactFolder } from '../../lib/store/data-layout';
import { rentalJobsOf } from '../../lib/store/rental-jobs';
import {
  addTestArtifact,
  addTestInstance,
  addTestJob,
  openTestDatabase,
  type TestDatabase,
} from '../support/test-database';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('knows how large what is on a machine alone is, and when a byte of it last came', async () => {
  const jobId = await addTestJob(await addTestInstance('rented'));
  expect(await rentalJobsOf('rented')).toMatchObject({ unsaved: [], unsavedBytes: 0, arrivedAtMs: null });
  await addTestArtifact(jobId);
  expect(await rentalJobsOf('rented')).toMatchObject({ unsavedBytes: 1000, arrivedAtMs: null });
  const folder = artifactFolder(database.dataFolder, jobId);
  await mkdir(folder, { recursive: true });
  const part = path.join(folder, 'tiny-Q4_K_M.gguf.part');
  await writeFile(part, 'GGUF');
  const at = new Date('2026-01-02T03:04:05Z');
  await utimes(part, at, at);
  expect(await rentalJobsOf('rented')).toMatchObject({ unsaved: ['tiny-Q4_K_M.gguf'], arrivedAtMs: at.getTime() });
});
