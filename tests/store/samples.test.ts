import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostSample } from '../../lib/domain/sample';
import { appendSample, flushSamples } from '../../lib/store/sample-store';
import { listSamples } from '../../lib/store/sample-views';
import { openTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

function sample(atMs: number, cpuPercent: number | null): HostSample {
  return {
    atMs,
    cpuPercent,
    corePercents: [],
    memoryUsedBytes: 5,
    memoryTotalBytes: 10,
    diskReadBytesPerSecond: null,
    diskWriteBytesPerSecond: null,
    diskFreeBytes: null,
    networkReceiveBytesPerSecond: null,
    networkSendBytesPerSecond: null,
    gpus: [],
  };
}

it('gives back every sample of a short job, passing over a line that a crash cut off', async () => {
  for (let second = 0; second < 20; second += 1) await appendSample('job-1', sample(second * 1000, second));
  await flushSamples();
  await appendFile(path.join(database.dataFolder, 'jobs', 'job-1', 'samples.ndjson'), '{"atMs":99000,"cpu');
  const samples = await listSamples('job-1');
  expect(samples.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 20 }, (_, second) => second * 1000));
  expect(await listSamples('job-1', { fromMs: 5000, toMs: 7000 })).toHaveLength(3);
  expect(await listSamples('job-unknown')).toEqual([]);
});

it('averages a long job to the asked number of points, never over a gap, and shows the gap', async () => {
  for (let second = 0; second < 3000; second += 1) {
    // 30 s without a reading, between 0 % before and 100 % after.
    const atMs = second < 1500 ? second * 1000 : (second + 30) * 1000;
    await appendSample('job-2', sample(atMs, second < 1500 ? 0 : 100));
  }
  await flushSamples();
  const samples = await listSamples('job-2', { points: 100 });
  expect(samples.length).toBeGreaterThan(90);
  expect(samples.length).toBeLessThanOrEqual(105);
  expect(new Set(samples.map(({ cpuPercent }) => cpuPercent))).toEqual(new Set([0, 100, null]));
  expect(samples.filter(({ cpuPercent }) => cpuPercent === null)).toHaveLength(1);
  const times = samples.map(({ atMs }) => atMs);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});
