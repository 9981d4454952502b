import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelCheck } from '../../lib/commands/create-model-check';
import { retryJob } from '../../lib/commands/retry-job';
import { FailureError } from '../../lib/domain/failure';
import { jobLedger as ledger } from '../../lib/store/job-ledger';
import { findJob } from '../../lib/store/job-views';
import { findCheckOf } from '../../lib/store/model-check-views';
import { runtime } from '../../lib/store/runtime';
import { addTestInstance, addTestJob, openTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await addTestInstance('host');
});
afterAll(() => database.close());

const failure = new FailureError('model-file-truncated', 'cut').failure;

/** A job that came as far as its fourth step. */
async function failedJob(): Promise<string> {
  const jobId = await addTestJob('host');
  const lease = await ledger.claimNextJob('worker', 30_000);
  if (!lease) throw new Error('nothing to claim');
  await ledger.startJob(lease);
  const { steps } = await ledger.loadJob(jobId);
  for (const step of steps.slice(0, 3)) {
    await ledger.startStep(lease, step.id);
    await ledger.finishStep(lease, step.id, { status: 'succeeded', result: {} });
  }
  await ledger.startStep(lease, steps[3]?.id ?? '');
  await ledger.finishStep(lease, steps[3]?.id ?? '', { status: 'failed', failure });
  await ledger.finishJob(lease, { status: 'failed', failure });
  return jobId;
}
const statuses = async (jobId: string) => (await findJob(jobId))?.steps.slice(0, 5).map(({ status }) => status);

describe('a job that failed', () => {
  it('goes on from where it stopped, or from an earlier step on, where all is done again', async () => {
    const first = await failedJob();
    await retryJob(first);
    expect(await statuses(first)).toEqual(['succeeded', 'succeeded', 'succeeded', 'queued', 'queued']);
    await ledger.claimNextJob('worker', 30_000);
    await runtime().client.job.deleteMany();
    const second = await failedJob();
    await retryJob(second, 'fetch-model');
    expect(await statuses(second)).toEqual(['succeeded', 'queued', 'queued', 'queued', 'queued']);
    // Only the step that was named is not to find its own earlier result good enough, until it has succeeded.
    const doubted = async () =>
      (await ledger.loadJob(second)).steps.filter(({ isAgain }) => isAgain).map(({ key }) => key);
    expect(await doubted()).toEqual(['fetch-model']);
    const lease = await ledger.claimNextJob('worker', 30_000);
    const stepId = (await ledger.loadJob(second)).steps[1]?.id ?? '';
    if (!lease) throw new Error('nothing to claim');
    await ledger.startStep(lease, stepId);
    await ledger.finishStep(lease, stepId, { status: 'failed', failure });
    expect(await doubted()).toEqual(['fetch-model']);
    await ledger.finishJob(lease, { status: 'failed', failure });
    await retryJob(second);
    const last = await ledger.claimNextJob('worker', 30_000);
    if (!last) throw new Error('nothing to claim');
    await ledger.startStep(last, stepId);
    await ledger.finishStep(last, stepId, { status: 'succeeded', result: {} });
    expect(await doubted()).toEqual([]);
    await runtime().client.job.deleteMany();
  });

  it('cannot go on from a step that it never reached, or that it has not', async () => {
    const jobId = await failedJob();
    for (const from of ['verify', 'imatrix'] as const)
      await expect(retryJob(jobId, from)).rejects.toMatchObject({ failure: { code: 'conflict' } });
    expect((await findJob(jobId))?.status).toBe('failed');
  });
});

describe('the check of what a job converts', () => {
  it('is the newest of the same model, or of the same folder in the same place', async () => {
    const source = { kind: 'hub', repo: 'a/b', revision: 'main' } as const;
    expect(await findCheckOf({ source, instanceId: 'host' })).toBeNull();
    await createModelCheck({ source });
    const { checkId } = await createModelCheck({ source: { ...source, revision: 'v2' } });
    expect(await findCheckOf({ source, instanceId: 'host' })).toBe(checkId);
    const folder = { kind: 'folder', path: '/m', location: 'host' } as const;
    const there = await createModelCheck({ source: { kind: 'folder', path: '/m', instanceId: 'host' } });
    expect(await findCheckOf({ source: folder, instanceId: 'host' })).toBe(there.checkId);
    expect(await findCheckOf({ source: folder, instanceId: 'another' })).toBeNull();
    expect(await findCheckOf({ source: { ...folder, path: '/other' }, instanceId: 'host' })).toBeNull();
  });
});
