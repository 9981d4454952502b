import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cancelJob } from '../../lib/commands/cancel-job';
import { retryJob } from '../../lib/commands/retry-job';
import { FailureError } from '../../lib/domain/failure';
import type { StepKind } from '../../lib/domain/step-key';
import { JobRunner } from '../../lib/pipeline/job-runner';
import { systemClock } from '../../lib/server/system-clock';
import { stepLogFile } from '../../lib/store/data-layout';
import { jobLedger } from '../../lib/store/job-ledger';
import { findJob } from '../../lib/store/job-views';
import { runtime } from '../../lib/store/runtime';
import { FakeJobHost } from '../support/fake-job-host';
import { addTestInstance, addTestJob, openTestDatabase, type TestDatabase } from '../support/test-database';
import { testJobWorld } from '../support/test-job-world';
import { VERIFIED } from '../support/verified-file';

const TRUNK = ['prepare-host', 'fetch-model', 'inspect-model', 'repair-model', 'convert-model'];

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

let host: FakeJobHost;
let jobId: string;
beforeEach(async () => {
  const { client } = runtime();
  await client.job.deleteMany();
  await client.instance.deleteMany();
  await addTestInstance('host-a');
  jobId = await addTestJob('host-a', { outputs: ['F16', 'Q4_K_M', 'Q8_0'] });
  host = new FakeJobHost();
});

const worldOf = () => testJobWorld({ connectHost: () => host.connect() });

/** Takes the job as a worker does. `unplanned`: a step that cannot be planned this time. */
async function take(unplanned: StepKind | null = null) {
  const lease = await jobLedger.claimNextJob('worker', 30_000);
  if (lease === null) throw new Error('nothing to claim');
  const plan = () => Promise.reject(new FailureError('host-disk-too-small', 'The disk is full of it.'));
  const runner = new JobRunner(lease, worldOf(), (kind) => ({
    ...host.definitionFor(kind),
    ...(kind === unplanned ? { plan } : {}),
  }));
  return { runner, lease, ended: runner.run() };
}

/** As when the process is killed: nothing more is written, and the next one voids its lease. */
async function kill({ runner, ended }: Awaited<ReturnType<typeof take>>): Promise<void> {
  runner.detach();
  await ended;
  await jobLedger.voidLeases();
}

async function statuses(): Promise<Record<string, string>> {
  return Object.fromEntries((await jobLedger.loadJob(jobId)).steps.map(({ key, status }) => [key, status]));
}

async function endTrunk(): Promise<void> {
  await host.until('prepare-host', 'fetch-model');
  for (const key of TRUNK) {
    await host.untilAtWork(key);
    host.end(key);
  }
}

async function recordFiles(lease: { jobId: string; epoch: number }): Promise<void> {
  for (const type of ['F16', 'Q4_K_M', 'Q8_0'] as const)
    await jobLedger.recordArtifact(lease, { type, fileName: type, hostPath: `/${type}`, verification: VERIFIED });
}

/** Each attempt's log on the host is what the step's log here holds, and no command began twice. */
async function expectEachOnce(): Promise<void> {
  const remote = host.attempts.filter(({ id }) => !id.startsWith('local-'));
  expect(new Set(remote.map(({ key }) => key)).size).toBe(remote.length);
  for (const step of (await findJob(jobId))?.steps ?? []) {
    const attempt = remote.find(({ key }) => key === step.key);
    if (attempt) expect(await readFile(stepLogFile(database.dataFolder, jobId, step.id), 'utf8')).toBe(attempt.log);
  }
}

describe('a job as a graph', () => {
  it('makes, hashes and brings home at the same time, and is done when all is', async () => {
    const { lease, ended } = await take();
    await endTrunk();
    await host.until('quantize:Q4_K_M', 'checksum:F16');
    host.end('checksum:F16');
    await host.until('quantize:Q4_K_M', 'bring-home:F16');
    host.print('quantize:Q4_K_M', 'quantdeck-lane: free');
    await host.until('quantize:Q4_K_M', 'quantize:Q8_0', 'bring-home:F16');
    host.end('quantize:Q4_K_M');
    await host.until('quantize:Q8_0', 'checksum:Q4_K_M', 'bring-home:F16');
    host.end('quantize:Q8_0');
    // Nothing is measured while something is hashed.
    await host.until('checksum:Q4_K_M', 'bring-home:F16');
    await recordFiles(lease);
    host.end('checksum:Q4_K_M');
    await host.until('checksum:Q8_0', 'bring-home:F16');
    host.end('checksum:Q8_0');
    await host.until('verify:F16', 'bring-home:F16');
    for (const key of ['verify:F16', 'bring-home:F16']) host.end(key);
    await host.until('verify:Q4_K_M', 'bring-home:Q4_K_M');
    for (const key of ['verify:Q4_K_M', 'bring-home:Q4_K_M']) host.end(key);
    await host.until('verify:Q8_0', 'bring-home:Q8_0');
    for (const key of ['verify:Q8_0', 'bring-home:Q8_0']) host.end(key);
    await ended;
    expect(await findJob(jobId)).toMatchObject({ status: 'succeeded', verdict: 'works' });
    await expectEachOnce();
  });

  it('lets the other files go on when one fails, also in the next process, and then fails for that reason', async () => {
    const first = await take();
    await endTrunk();
    await host.until('quantize:Q4_K_M', 'checksum:F16');
    host.end('quantize:Q4_K_M', 1);
    await host.until('quantize:Q8_0', 'checksum:F16');
    while ((await statuses())['quantize:Q4_K_M'] !== 'failed') await systemClock.sleep(5);
    await kill(first);
    const { lease, ended } = await take();
    await recordFiles(lease);
    await host.until('quantize:Q8_0', 'checksum:F16');
    host.end('checksum:F16');
    await host.until('quantize:Q8_0', 'bring-home:F16');
    host.end('quantize:Q8_0');
    await host.until('verify:F16', 'bring-home:F16');
    host.print('verify:F16', 'quantdeck-lane: measured');
    for (const keys of [
      ['verify:F16', 'checksum:Q8_0', 'bring-home:F16'],
      ['verify:Q8_0', 'bring-home:Q8_0'],
    ]) {
      await host.until(...keys);
      for (const key of keys) host.end(key);
    }
    await ended;
    expect(await findJob(jobId)).toMatchObject({ status: 'failed', failure: { message: 'quantize:Q4_K_M is broken' } });
    expect(await statuses()).toMatchObject({
      'quantize:Q4_K_M': 'failed',
      'checksum:Q4_K_M': 'queued',
      'verify:Q4_K_M': 'queued',
      'bring-home:Q8_0': 'succeeded',
    });
    await expectEachOnce();
  });

  it('stops what else runs when the trunk fails, on the host too, and a retry goes on from there', async () => {
    const { ended } = await take();
    await host.until('prepare-host', 'fetch-model');
    host.end('prepare-host', 1);
    await ended;
    expect(host.attempts.map(({ key, isCanceled }) => [key, isCanceled]).sort()).toEqual([
      ['fetch-model', true],
      ['prepare-host', false],
    ]);
    expect(await statuses()).toMatchObject({
      'prepare-host': 'failed',
      'fetch-model': 'canceled',
      'inspect-model': 'queued',
    });
    const job = await findJob(jobId);
    expect(job).toMatchObject({ status: 'failed', failure: { message: 'prepare-host is broken' } });
    expect(job?.steps[1]?.attempts[0]?.endedAt).not.toBeNull();
    await retryJob(jobId);
    const again = await take();
    await host.until('prepare-host', 'fetch-model');
    expect(host.attempts).toHaveLength(4);
    await kill(again);
  });

  it('lets no command go on under a failed job, be it of the step that failed, of the trunk or of a file', async () => {
    const first = await take();
    await host.until('prepare-host', 'fetch-model');
    await kill(first);
    await (await take('fetch-model')).ended;
    expect(host.atWork()).toEqual([]);
    expect(await findJob(jobId)).toMatchObject({ status: 'failed', failure: { code: 'host-disk-too-small' } });
    expect(await statuses()).toMatchObject({ 'prepare-host': 'canceled', 'fetch-model': 'failed' });
    await retryJob(jobId);
    const again = await take();
    await endTrunk();
    await host.until('quantize:Q4_K_M', 'checksum:F16');
    await kill(again);
    const last = await take('quantize');
    await host.until('quantize:Q4_K_M', 'checksum:F16');
    host.end('checksum:F16');
    for (const key of ['verify:F16', 'bring-home:F16']) {
      await host.untilAtWork(key);
      host.end(key);
    }
    await last.ended;
    expect(host.atWork()).toEqual([]);
    expect(await statuses()).toMatchObject({ 'quantize:Q4_K_M': 'failed', 'verify:F16': 'succeeded' });
    const job = await findJob(jobId);
    expect(job?.steps.flatMap(({ attempts }) => attempts).filter(({ endedAt }) => endedAt === null)).toEqual([]);
  });

  it('follows two open commands of an earlier process, runs neither again and loses no byte', async () => {
    const first = await take();
    await endTrunk();
    await host.until('quantize:Q4_K_M', 'checksum:F16');
    host.print('quantize:Q4_K_M', 'quantdeck-lane: free');
    await host.until('quantize:Q4_K_M', 'quantize:Q8_0', 'checksum:F16');
    await kill(first);
    host.print('quantize:Q4_K_M', 'said while nobody listened');
    host.end('checksum:F16');
    const second = await take();
    await host.until('quantize:Q4_K_M', 'quantize:Q8_0', 'bring-home:F16');
    host.end('quantize:Q8_0');
    await host.until('quantize:Q4_K_M', 'checksum:Q8_0', 'bring-home:F16');
    host.end('quantize:Q4_K_M');
    while ((await statuses())['quantize:Q4_K_M'] !== 'succeeded') await systemClock.sleep(5);
    host.end('checksum:Q8_0');
    await host.until('checksum:Q4_K_M', 'bring-home:F16');
    await expectEachOnce();
    await kill(second);
  });

  it('ends every open command when it is canceled, and marks the local one as over', async () => {
    const { ended } = await take();
    await endTrunk();
    await host.until('quantize:Q4_K_M', 'checksum:F16');
    host.end('checksum:F16');
    await host.until('quantize:Q4_K_M', 'bring-home:F16');
    host.print('quantize:Q4_K_M', 'quantdeck-lane: free');
    await host.until('quantize:Q4_K_M', 'quantize:Q8_0', 'bring-home:F16');
    await cancelJob(jobId);
    await ended;
    const job = await findJob(jobId);
    expect(job?.status).toBe('canceled');
    expect(host.attempts.filter(({ isCanceled }) => isCanceled).map(({ key }) => key)).toEqual([
      'quantize:Q4_K_M',
      'quantize:Q8_0',
    ]);
    expect(job?.steps.flatMap(({ attempts }) => attempts).filter(({ endedAt }) => endedAt === null)).toEqual([]);
    expect(await statuses()).toMatchObject({
      'checksum:F16': 'succeeded',
      'quantize:Q4_K_M': 'canceled',
      'quantize:Q8_0': 'canceled',
      'bring-home:F16': 'canceled',
      'verify:F16': 'canceled',
    });
    await expectEachOnce();
  });

  it('begins nothing when the cancel came while no worker had it', async () => {
    const first = await take();
    await host.until('prepare-host', 'fetch-model');
    await kill(first);
    host.end('prepare-host');
    await cancelJob(jobId);
    const { ended } = await take();
    await ended;
    expect((await findJob(jobId))?.status).toBe('canceled');
    expect(host.attempts.map(({ key, isCanceled }) => [key, isCanceled]).sort()).toEqual([
      ['fetch-model', true],
      ['prepare-host', true],
    ]);
  });

  it('gives up as a whole when the host cannot be reached any more, and leaves there what runs', async () => {
    const first = await take();
    await endTrunk();
    await host.until('quantize:Q4_K_M', 'checksum:F16');
    await kill(first);
    host.isReachable = false;
    const { ended } = await take();
    await ended;
    expect(await findJob(jobId)).toMatchObject({ status: 'failed', failure: { code: 'host-key-changed' } });
    expect(host.attempts.some(({ isCanceled }) => isCanceled)).toBe(false);
    expect(Object.values(await statuses())).not.toContain('running');
    host.isReachable = true;
    await retryJob(jobId);
    const again = await take();
    host.end('checksum:F16');
    await host.until('quantize:Q4_K_M', 'bring-home:F16');
    await expectEachOnce();
    await kill(again);
  });

  it('refuses a job of another version of Quantdeck', async () => {
    await runtime().client.job.update({ where: { id: jobId }, data: { definitionVersion: 1 } });
    const { ended } = await take();
    await ended;
    expect(await findJob(jobId)).toMatchObject({ status: 'failed', failure: { code: 'conflict' } });
    expect(host.attempts).toEqual([]);
  });
});
