import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cancelJob } from '../../lib/commands/cancel-job';
import { retryJob } from '../../lib/commands/retry-job';
import { FailureError } from '../../lib/domain/failure';
import { jobLedger as ledger } from '../../lib/store/job-ledger';
import { findJob } from '../../lib/store/job-views';
import { newestOutboxSequence, readOutbox } from '../../lib/store/outbox';
import { runtime } from '../../lib/store/runtime';
import { addTestInstance, addTestJob, openTestDatabase, type TestDatabase } from '../support/test-database';
import { VERIFIED } from '../support/verified-file';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const { client } = runtime();
  await client.job.deleteMany();
  await client.instance.deleteMany();
  await addTestInstance('host-a');
  await addTestInstance('host-b');
});

const LEASE_MS = 30_000;
const broken = new FailureError('convert-failed', 'it broke').failure;

async function claim() {
  const lease = await ledger.claimNextJob('worker', LEASE_MS);
  if (!lease) throw new Error('nothing to claim');
  return lease;
}

async function stepIds(jobId: string) {
  return Object.fromEntries((await ledger.loadJob(jobId)).steps.map((step) => [step.key, step.id])) as Record<
    string,
    string
  >;
}

async function statuses(jobId: string) {
  return Object.fromEntries((await ledger.loadJob(jobId)).steps.map((step) => [step.key, step.status]));
}

async function expireLeases() {
  await runtime().client.job.updateMany({ data: { leaseUntilMs: 1 } });
}

describe('claiming', () => {
  it('gives each job to one of many workers that ask at the same time, one for each instance', async () => {
    for (const host of ['host-a', 'host-a', 'host-b']) await addTestJob(host);
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) => ledger.claimNextJob(`worker-${index}`, LEASE_MS)),
    );
    const jobs = claims.filter((lease) => lease !== null).map((lease) => lease.jobId);
    expect(jobs).toHaveLength(2);
    expect(new Set(jobs).size).toBe(2);
  });

  it('takes the oldest first and the next of the same instance only when the first has ended', async () => {
    const first = await addTestJob('host-a');
    const second = await addTestJob('host-a');
    const lease = await claim();
    expect(lease.jobId).toBe(first);
    await ledger.startJob(lease);
    expect(await ledger.claimNextJob('worker', LEASE_MS)).toBeNull();
    await ledger.finishJob(lease, { status: 'failed', failure: broken });
    expect((await claim()).jobId).toBe(second);
  });

  it('takes a running job with an expired lease before an older queued one of the same instance', async () => {
    const older = await addTestJob('host-a');
    const running = await addTestJob('host-a');
    await runtime().client.job.update({ where: { id: running }, data: { status: 'running', leaseUntilMs: 1 } });
    expect((await claim()).jobId).toBe(running);
    expect(await ledger.claimNextJob('worker', LEASE_MS)).toBeNull();
    expect((await ledger.loadJob(older)).status).toBe('queued');
  });

  it('leaves a job with a live lease alone, and gives it away at once when it is released', async () => {
    await addTestJob('host-a');
    const lease = await claim();
    expect(await ledger.claimNextJob('other', LEASE_MS)).toBeNull();
    await ledger.releaseLease(lease);
    expect((await claim()).epoch).toBe(lease.epoch + 1);
  });

  it('frees everything at start: leases, checks that were running, copies that a person asked for', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    await ledger.startJob(lease);
    const artifact = await ledger.recordArtifact(lease, { type: 'F16', fileName: 'a.gguf', hostPath: '/a.gguf' });
    const { client } = runtime();
    await client.artifact.update({
      where: { id: artifact.id },
      data: { bringHomeState: 'running', bringHomeRequestedAt: new Date() },
    });
    await client.instance.update({ where: { id: 'host-b' }, data: { checkState: 'running' } });
    await ledger.voidLeases();
    expect((await claim()).jobId).toBe(jobId);
    expect((await client.artifact.findUniqueOrThrow({ where: { id: artifact.id } })).bringHomeState).toBe('requested');
    expect((await client.instance.findUniqueOrThrow({ where: { id: 'host-b' } })).checkState).toBe('requested');
  });
});

describe('fencing', () => {
  it('refuses every write of a worker whose job went to another one, and changes nothing', async () => {
    const jobId = await addTestJob('host-a');
    const stale = await claim();
    await ledger.startJob(stale);
    const ids = await stepIds(jobId);
    const stepId = ids['prepare-host'] ?? '';
    await expireLeases();
    const fresh = await claim();
    expect(fresh).toEqual({ jobId, epoch: stale.epoch + 1 });
    const before = { job: await findJob(jobId), outbox: await newestOutboxSequence() };
    const artifact = { type: 'F16', fileName: 'a.gguf', hostPath: '/a.gguf' } as const;
    const attempt = { id: crypto.randomUUID(), kind: 'remote', command: 'true', logStart: 0 } as const;
    const inspection = {
      architecture: null,
      tensorCount: 0,
      parameterCount: 0,
      totalBytes: 0,
      facts: {},
      contradictions: [],
      findings: [],
    };
    const writes: (() => Promise<unknown>)[] = [
      () => ledger.renewLease(stale, LEASE_MS),
      () => ledger.releaseLease(stale),
      () => ledger.startJob(stale),
      () => ledger.finishJob(stale, { status: 'failed', failure: broken }),
      () => ledger.startStep(stale, stepId),
      () => ledger.finishStep(stale, stepId, { status: 'succeeded' }),
      () => ledger.recordProgress(stale, stepId, null, 'late'),
      () => ledger.createAttempt(stale, stepId, attempt),
      () => ledger.startStepWithAttempt(stale, stepId, { ...attempt, id: 'attempt-of-a-stale-worker' }),
      () => ledger.endAttempt(stale, attempt.id, 0),
      () => ledger.recordSource(stale, { commit: 'abc' }),
      () => ledger.recordInspection(stale, inspection, null),
      () => ledger.recordUnreachable(stale, new Date()),
      () => ledger.recordArtifact(stale, artifact),
      () => ledger.recordArtifactHome(stale, 'any', { path: '/x' }),
    ];
    for (const write of writes) await expect(write()).rejects.toMatchObject({ name: 'LeaseLostError' });
    expect({ job: await findJob(jobId), outbox: await newestOutboxSequence() }).toEqual(before);
    await ledger.renewLease(fresh, LEASE_MS);
  });

  it('takes a whole write back when a part of it fails', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    const before = await findJob(jobId);
    await expect(ledger.startStep(lease, 'no-such-step')).rejects.toThrow('does not belong');
    expect(await findJob(jobId)).toEqual(before);
  });

  it('refuses a step of another job', async () => {
    await addTestJob('host-a');
    const lease = await claim();
    const other = await stepIds(await addTestJob('host-b'));
    await expect(ledger.startStep(lease, other['verify:F16'] ?? '')).rejects.toThrow('does not belong');
  });
});

describe('transitions', () => {
  it('counts the sequence up and appends to the outbox with each change, in order', async () => {
    const jobId = await addTestJob('host-a');
    const from = await newestOutboxSequence();
    const lease = await claim();
    await ledger.startJob(lease);
    await ledger.recordArtifact(lease, {
      type: 'F16',
      fileName: 'a.gguf',
      hostPath: '/a.gguf',
      sizeBytes: 5_000_000_000,
    });
    const entries = await readOutbox(from, 100);
    expect(entries.map(({ topic }) => topic)).toEqual(['job', 'job', 'artifact', 'job']);
    const sequences = entries.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    const job = await findJob(jobId);
    expect(job?.sequence).toBe(4);
    expect(job?.artifacts[0]?.sizeBytes).toBe(5_000_000_000);
  });

  it('keeps the time of start of a job and step that a new worker takes over', async () => {
    const jobId = await addTestJob('host-a');
    const first = await claim();
    await ledger.startJob(first);
    const stepId = (await stepIds(jobId))['prepare-host'] ?? '';
    await ledger.startStep(first, stepId);
    const before = await findJob(jobId);
    await expireLeases();
    const second = await claim();
    await ledger.startJob(second);
    await ledger.startStep(second, stepId);
    const after = await findJob(jobId);
    expect(after?.startedAt).toBe(before?.startedAt);
    expect(after?.steps[0]?.startedAt).toBe(before?.steps[0]?.startedAt);
  });

  it('refuses moves that the domain does not know', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    await expect(ledger.finishJob(lease, { status: 'succeeded', failure: null })).rejects.toThrow(
      'queued cannot become succeeded',
    );
    const stepId = (await stepIds(jobId))['prepare-host'] ?? '';
    await ledger.finishStep(lease, stepId, { status: 'succeeded' });
    await expect(ledger.finishStep(lease, stepId, { status: 'failed' })).rejects.toThrow(
      'succeeded cannot become failed',
    );
  });

  it('does not start a second remote attempt beside one that has not ended', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    const stepId = (await stepIds(jobId))['prepare-host'] ?? '';
    const attempt = (id: string) => ({ id, kind: 'remote', command: 'true', logStart: 3 }) as const;
    await ledger.createAttempt(lease, stepId, attempt('attempt-1'));
    await expect(ledger.createAttempt(lease, stepId, attempt('attempt-2'))).rejects.toThrow('has not ended');
    await ledger.endAttempt(lease, 'attempt-1', 1);
    await ledger.endAttempt(lease, 'attempt-1', 0);
    const second = await ledger.createAttempt(lease, stepId, attempt('attempt-2'));
    expect(second).toMatchObject({ number: 2, exitCode: null, endedAt: null, logStart: 3 });
    const views = (await findJob(jobId))?.steps[0]?.attempts;
    expect(views?.map(({ exitCode }) => exitCode)).toEqual([1, null]);
  });

  it('starts a step with its attempt and ends it with that, all or nothing', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    const stepId = (await stepIds(jobId))['prepare-host'] ?? '';
    const attempt = (id: string) => ({ id, kind: 'remote', command: 'true', logStart: 0 }) as const;
    const first = await ledger.startStepWithAttempt(lease, stepId, attempt('attempt-1'));
    expect(first).toMatchObject({ number: 1, endedAt: null });
    await expect(ledger.startStepWithAttempt(lease, stepId, attempt('attempt-2'))).rejects.toThrow('has not ended');
    const endedAt = new Date('2026-01-02T03:04:05Z');
    await ledger.finishStep(lease, stepId, { status: 'failed', attempt: { id: 'attempt-1', exitCode: 7, endedAt } });
    const views = (await findJob(jobId))?.steps[0]?.attempts;
    expect(views).toMatchObject([{ exitCode: 7, endedAt: endedAt.toISOString() }]);
    const fetching = (await stepIds(jobId))['fetch-model'] ?? '';
    await ledger.startStepWithAttempt(lease, fetching, attempt('attempt-3'));
    await ledger.finishStep(lease, fetching, { status: 'succeeded' });
    // A step that has ended begins nothing, so no attempt is left of the try.
    await expect(ledger.startStepWithAttempt(lease, fetching, attempt('attempt-4'))).rejects.toThrow('cannot become');
    expect((await findJob(jobId))?.steps[1]?.attempts).toHaveLength(1);
  });

  it('leaves no step running in a failed job and takes the verdict from the files', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    await ledger.startJob(lease);
    await ledger.startStep(lease, (await stepIds(jobId))['prepare-host'] ?? '');
    await ledger.recordArtifact(lease, { type: 'F16', fileName: 'a.gguf', hostPath: '/a', verification: VERIFIED });
    await ledger.recordArtifact(lease, {
      type: 'Q4_K_M',
      fileName: 'b.gguf',
      hostPath: '/b',
      verification: { ...VERIFIED, loadsOk: false },
    });
    await ledger.finishJob(lease, { status: 'failed', failure: broken });
    expect((await statuses(jobId))['prepare-host']).toBe('failed');
    const job = await findJob(jobId);
    expect(job?.verdict).toBe('partly');
    expect(job?.failure).toEqual(broken);
    expect(job?.steps[0]?.failure).toEqual(broken);
  });

  it('says nothing about a job before its last file is proven, and holds a missing file against it', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    await ledger.startJob(lease);
    const file = (type: 'F16' | 'Q4_K_M') => ({ type, fileName: `${type}.gguf`, hostPath: `/${type}` });
    await ledger.recordArtifact(lease, { ...file('F16'), verification: VERIFIED });
    expect((await findJob(jobId))?.verdict).toBe('unknown');
    await ledger.recordArtifact(lease, file('Q4_K_M'));
    expect((await findJob(jobId))?.verdict).toBe('unknown');
    await ledger.recordArtifact(lease, { ...file('Q4_K_M'), verification: VERIFIED });
    expect((await findJob(jobId))?.verdict).toBe('works');
    await runtime().client.artifact.deleteMany({ where: { jobId, type: 'Q4_K_M' } });
    await ledger.finishJob(lease, { status: 'failed', failure: broken });
    expect((await findJob(jobId))?.verdict).toBe('partly');
  });

  it('keeps what is known of an artifact that is recorded again', async () => {
    await addTestJob('host-a');
    const lease = await claim();
    const base = { type: 'F16', fileName: 'a.gguf', hostPath: '/a' } as const;
    const first = await ledger.recordArtifact(lease, { ...base, sizeBytes: 7 });
    const second = await ledger.recordArtifact(lease, { ...base, sha256: 'ab' });
    expect(second).toMatchObject({ id: first.id, sizeBytes: 7, sha256: 'ab' });
  });
});

describe('retry', () => {
  it('keeps succeeded steps and queues the rest again', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    await ledger.startJob(lease);
    const ids = await stepIds(jobId);
    await ledger.finishStep(lease, ids['prepare-host'] ?? '', { status: 'succeeded', result: { tool: 1 } });
    await ledger.startStep(lease, ids['fetch-model'] ?? '');
    await ledger.finishStep(lease, ids['fetch-model'] ?? '', { status: 'failed', failure: broken });
    await ledger.finishJob(lease, { status: 'failed', failure: broken });
    await retryJob(jobId);
    const job = await ledger.loadJob(jobId);
    expect(job.status).toBe('queued');
    expect(job.steps.map(({ status }) => status)).toEqual(['succeeded', ...Array(job.steps.length - 1).fill('queued')]);
    expect(job.steps[0]?.result).toEqual({ tool: 1 });
    expect((await findJob(jobId))?.steps[1]?.failure).toBeNull();
    expect((await claim()).epoch).toBe(lease.epoch + 1);
  });

  it('makes the proof again when every step was done but the files did not work', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    await ledger.startJob(lease);
    for (const id of Object.values(await stepIds(jobId)))
      await ledger.finishStep(lease, id, { status: 'skipped', skippedReason: 'test' });
    await ledger.finishJob(lease, { status: 'failed', failure: broken });
    await retryJob(jobId);
    expect(await statuses(jobId)).toMatchObject({
      'checksum:F16': 'skipped',
      'verify:F16': 'queued',
      'verify:Q4_K_M': 'queued',
      'bring-home:F16': 'skipped',
    });
  });

  it('queues again what did not end, wherever in the graph it is, and proves again only the files that failed', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    await ledger.startJob(lease);
    const { 'fetch-model': fetching, 'quantize:Q4_K_M': making, ...others } = await stepIds(jobId);
    for (const id of [fetching, making]) await ledger.startStep(lease, id ?? '');
    await ledger.finishStep(lease, fetching ?? '', { status: 'canceled' });
    await ledger.finishStep(lease, making ?? '', { status: 'failed', failure: broken });
    for (const id of Object.values(others)) await ledger.finishStep(lease, id, { status: 'skipped' });
    await ledger.recordArtifact(lease, { type: 'F16', fileName: 'a.gguf', hostPath: '/a', verification: VERIFIED });
    expect((await ledger.loadJob(jobId)).steps.find(({ id }) => id === making)?.failure).toEqual(broken);
    await ledger.finishJob(lease, { status: 'failed', failure: broken });
    await retryJob(jobId);
    const after = await statuses(jobId);
    expect(Object.keys(after).filter((key) => after[key] === 'queued')).toEqual(['fetch-model', 'quantize:Q4_K_M']);

    const again = await claim();
    await ledger.startJob(again);
    for (const id of [fetching, making]) await ledger.finishStep(again, id ?? '', { status: 'succeeded' });
    await ledger.finishJob(again, { status: 'failed', failure: broken });
    await retryJob(jobId);
    expect(await statuses(jobId)).toMatchObject({ 'verify:F16': 'skipped', 'verify:Q4_K_M': 'queued' });
  });

  it('is refused while a job runs and after it succeeded', async () => {
    const jobId = await addTestJob('host-a');
    await expect(retryJob(jobId)).rejects.toMatchObject({ failure: { code: 'conflict' } });
    const lease = await claim();
    await ledger.startJob(lease);
    await ledger.finishJob(lease, { status: 'succeeded', failure: null });
    await expect(retryJob(jobId)).rejects.toMatchObject({ failure: { code: 'conflict' } });
  });
});

describe('cancel', () => {
  it('ends a job that nobody has taken', async () => {
    const jobId = await addTestJob('host-a');
    await cancelJob(jobId);
    expect((await ledger.loadJob(jobId)).status).toBe('canceled');
    expect(new Set(Object.values(await statuses(jobId)))).toEqual(new Set(['canceled']));
    expect(await ledger.claimNextJob('worker', LEASE_MS)).toBeNull();
    await retryJob(jobId);
    expect((await ledger.loadJob((await claim()).jobId)).cancelRequested).toBe(false);
  });

  it('only flags a job that a worker has taken, started or not', async () => {
    const jobId = await addTestJob('host-a');
    const lease = await claim();
    await cancelJob(jobId);
    expect(await ledger.loadJob(jobId)).toMatchObject({ status: 'queued', cancelRequested: true });
    expect(await ledger.isCancelRequested(jobId)).toBe(true);
    await ledger.startJob(lease);
    await cancelJob(jobId);
    await ledger.finishJob(lease, { status: 'canceled', failure: null });
    expect((await findJob(jobId))?.status).toBe('canceled');
    await expect(cancelJob(jobId)).rejects.toMatchObject({ failure: { code: 'conflict' } });
  });

  it('of a queued job whose worker died ends it at the next claim', async () => {
    const jobId = await addTestJob('host-a');
    await claim();
    await cancelJob(jobId);
    await ledger.voidLeases();
    const lease = await claim();
    expect(lease.jobId).toBe(jobId);
    expect(await ledger.isCancelRequested(jobId)).toBe(true);
  });
});
