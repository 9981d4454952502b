import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cancelJob } from '../../lib/commands/cancel-job';
import { retryJob } from '../../lib/commands/retry-job';
import { FailureError } from '../../lib/domain/failure';
import type { RentalAfterwards } from '../../lib/domain/rental';
import { stepDefinitionFor } from '../../lib/pipeline/conversion-pipeline';
import { JobRunner } from '../../lib/pipeline/job-runner';
import { systemClock } from '../../lib/server/system-clock';
import { stepLogFile } from '../../lib/store/data-layout';
import { jobLedger } from '../../lib/store/job-ledger';
import { jobRentals } from '../../lib/store/job-rental-store';
import { findJob } from '../../lib/store/job-views';
import { toJson } from '../../lib/store/json-column';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { runtime } from '../../lib/store/runtime';
import { FakeJobHost } from '../support/fake-job-host';
import { openTestDatabase, type TestDatabase } from '../support/test-database';
import { testJobWorld } from '../support/test-job-world';
import { addRentedJob, moveRental, putMachine, TERMS, tellOf } from '../support/test-rental';
import { VERIFIED } from '../support/verified-file';

const ON_HOST = [
  'fetch-model',
  'inspect-model',
  'repair-model',
  'convert-model',
  'checksum:F16',
  'verify:F16',
  'bring-home:F16',
];

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureDefaultKey(() => ({ publicKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:own', privateKey: 'own' }));
});
afterAll(() => database.close());

let host: FakeJobHost;
let connects: number;
beforeEach(async () => {
  const { client } = runtime();
  await client.job.deleteMany();
  await client.rental.deleteMany();
  await client.instance.deleteMany();
  host = new FakeJobHost();
  connects = 0;
});

const worldOf = () =>
  testJobWorld({
    rentals: jobRentals,
    connectHost: () => {
      connects += 1;
      return host.connect();
    },
  });

async function begin(afterwards: RentalAfterwards = 'destroy') {
  const ids = await addRentedJob({ outputs: ['F16'], rental: { ...TERMS, afterwards } });
  return { ...ids, ...(await take()) };
}

async function take() {
  const lease = await jobLedger.claimNextJob('worker', 30_000);
  if (lease === null) throw new Error('nothing to claim');
  const isReal = (kind: string) => kind === 'rent-host' || kind === 'release-host';
  const runner = new JobRunner(lease, worldOf(), (kind) =>
    isReal(kind) ? stepDefinitionFor(kind) : host.definitionFor(kind),
  );
  return { runner, lease, ended: runner.run() };
}

async function stepsOf(jobId: string) {
  return Object.fromEntries((await jobLedger.loadJob(jobId)).steps.map((step) => [step.key, step]));
}

async function logOf(jobId: string, key: string): Promise<string> {
  const step = (await stepsOf(jobId))[key];
  // Before its first line there is no file.
  return readFile(stepLogFile(runtime().dataFolder, jobId, step?.id ?? ''), 'utf8').catch(() => '');
}

async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await systemClock.sleep(20);
}

const goalOf = async (rentalId: string) =>
  (await runtime().client.rental.findUnique({ where: { id: rentalId } }))?.goal;
const untilGoal = (rentalId: string, goal: string) => until(async () => (await goalOf(rentalId)) === goal);
const untilRunning = (jobId: string, key: string) =>
  until(async () => (await stepsOf(jobId))[key]?.status === 'running');

/** Lets the host do all of its part; `bring-home` leaves a file here, as the real step does. */
async function workOnHost({ jobId, lease }: Pick<Awaited<ReturnType<typeof begin>>, 'jobId' | 'lease'>, isHome = true) {
  const file = { type: 'F16', fileName: 'tiny-F16.gguf', hostPath: '/out/tiny-F16.gguf', sizeBytes: 4 } as const;
  for (const key of ['prepare-host', ...ON_HOST]) {
    await host.untilAtWork(key);
    if (key === 'verify:F16') {
      await jobLedger.recordArtifact(lease, { ...file, sha256: 'ab', verification: VERIFIED });
    }
    if (key === 'bring-home:F16' && isHome) await putHome(jobId);
    host.end(key);
  }
}

async function putHome(jobId: string): Promise<void> {
  const [artifact] = await jobLedger.listArtifacts(jobId);
  const home = path.join(runtime().dataFolder, 'artifacts', jobId, 'tiny-F16.gguf');
  await mkdir(path.dirname(home), { recursive: true });
  await writeFile(home, 'gguf');
  await jobLedger.recordArtifactHome(null, artifact?.id ?? '', { path: home });
}

describe('a job on a machine that is rented for it', () => {
  it('tells how the machine comes, knocks at nothing before, works, and ends with the proof that its bill has ended', async () => {
    const job = await begin();
    await tellOf(job.rentalId, 'Asked for RTX 4090 in Washington.');
    await untilRunning(job.jobId, 'rent-host');
    await moveRental(job.rentalId, 'coming');
    await until(async () => (await logOf(job.jobId, 'rent-host')).includes('Asked for RTX 4090'));
    await until(async () => (await findJob(job.jobId))?.steps[0]?.progress?.phase === 'waiting for the machine');
    expect(connects).toBe(0);
    await putMachine(job.rentalId);
    await workOnHost(job);
    await untilGoal(job.rentalId, 'gone');
    expect(await stepsOf(job.jobId)).toMatchObject({ 'release-host': { status: 'running' } });
    await moveRental(job.rentalId, 'ended');
    await job.ended;
    expect((await findJob(job.jobId))?.status).toBe('succeeded');
    const { 'rent-host': rented, 'release-host': released } = await stepsOf(job.jobId);
    expect(rented?.result).toEqual({ rentalId: job.rentalId, serviceId: '701' });
    expect(released?.result).toEqual({ provenAt: expect.stringMatching(/^\d{4}-/) });
    expect(await logOf(job.jobId, 'release-host')).toMatch(/Billing ended \d\d:\d\d UTC, proven/);
  });

  it('tells each line of the story once, whichever process tells it', async () => {
    const job = await begin();
    await tellOf(job.rentalId, 'first line');
    await until(async () => (await stepsOf(job.jobId))['rent-host']?.attempt !== null);
    await until(async () => (await logOf(job.jobId, 'rent-host')).includes('first line'));
    job.runner.detach();
    await job.ended;
    await jobLedger.voidLeases();
    await tellOf(job.rentalId, 'it is late', 'warning');
    const next = await take();
    await until(async () => (await logOf(job.jobId, 'rent-host')).includes('warning: it is late'));
    expect((await logOf(job.jobId, 'rent-host')).match(/first line/g)).toHaveLength(1);
    next.runner.detach();
    await next.ended;
  });

  it('fails as its rental did, and a retry rents anew on the same terms, on another instance', async () => {
    const job = await begin();
    const failure = new FailureError('rental-gave-up', 'Three machines did not come up.').failure;
    await moveRental(job.rentalId, 'ended', { failure: { ...failure } });
    await job.ended;
    expect(await findJob(job.jobId)).toMatchObject({ status: 'failed', failure: { code: 'rental-gave-up' } });
    expect(connects).toBe(0);
    await retryJob(job.jobId);
    const again = await findJob(job.jobId);
    expect(again?.instanceId).not.toBe(job.instanceId);
    expect(again?.spec).toMatchObject({ instanceId: again?.instanceId, rental: { afterwards: 'destroy' } });
    const rental = await runtime().client.rental.findUnique({ where: { instanceId: again?.instanceId ?? '' } });
    expect(rental).toMatchObject({ goal: 'running', state: 'looking', terms: { ...TERMS, offerId: null } });
    expect(again?.spec.rental?.rentalId).toBe(rental?.id);
  });

  it.each([
    ['rental-start-queued', new FailureError('rental-start-queued', 'Its GPU is used by somebody else.').failure],
    ['rental-not-ready', null],
  ])('fails with %s when its keeper stops the machine instead of starting it', async (code, alarm) => {
    const { jobId, rentalId } = await addRentedJob({ outputs: ['F16'] });
    await putMachine(rentalId);
    await moveRental(rentalId, 'stopped', { goal: 'stopped' });
    const { ended } = await take();
    await untilGoal(rentalId, 'running');
    await moveRental(rentalId, 'stopped', { goal: 'stopped', alarm: toJson(alarm) });
    await ended;
    expect((await findJob(jobId))?.failure?.code).toBe(code);
    expect(await goalOf(rentalId)).toBe('stopped');
  });

  it('gives the machine back when it is canceled before there was one', async () => {
    const job = await begin();
    await untilRunning(job.jobId, 'rent-host');
    await cancelJob(job.jobId);
    await job.ended;
    expect((await findJob(job.jobId))?.status).toBe('canceled');
    expect(await goalOf(job.rentalId)).toBe('gone');
  });

  it('leaves the machine after a failure, and a retry starts it again that was stopped meanwhile', async () => {
    const job = await begin();
    await putMachine(job.rentalId);
    await host.untilAtWork('fetch-model');
    host.end('fetch-model', 3);
    await job.ended;
    expect((await findJob(job.jobId))?.failure?.code).toBe('command-failed');
    expect(await goalOf(job.rentalId)).toBe('running');
    await moveRental(job.rentalId, 'stopped', { goal: 'stopped' });
    await retryJob(job.jobId);
    expect((await findJob(job.jobId))?.instanceId).toBe(job.instanceId);
    const next = await take();
    await untilGoal(job.rentalId, 'running');
    await moveRental(job.rentalId, 'ready');
    await host.untilAtWork('fetch-model');
    next.runner.detach();
    await next.ended;
  });

  it('never gives back a machine with a file that is nowhere else', async () => {
    const job = await begin();
    await putMachine(job.rentalId);
    await workOnHost(job, false);
    await job.ended;
    const failed = await findJob(job.jobId);
    expect(failed?.failure).toMatchObject({ code: 'rental-holds-unsaved', evidence: ['tiny-F16.gguf'] });
    expect(await goalOf(job.rentalId)).toBe('running');
  });

  it('stops the machine, or leaves it be, where that was agreed', async () => {
    const stopped = await begin('stop');
    await putMachine(stopped.rentalId);
    await workOnHost(stopped, false);
    await untilGoal(stopped.rentalId, 'stopped');
    await moveRental(stopped.rentalId, 'stopped');
    await stopped.ended;
    expect((await findJob(stopped.jobId))?.status).toBe('succeeded');
    expect(await logOf(stopped.jobId, 'release-host')).toContain('The machine is stopped.');
    host = new FakeJobHost();
    const kept = await begin('keep');
    await putMachine(kept.rentalId, 2);
    await workOnHost(kept, false);
    await kept.ended;
    expect(await goalOf(kept.rentalId)).toBe('running');
    const { steps } = (await findJob(kept.jobId)) ?? { steps: [] };
    expect(steps.at(-1)).toMatchObject({ status: 'skipped', skippedReason: expect.stringContaining('$0.200 an hour') });
  });

  it('ends at once, and for the right reason, when its machine is gone in the middle', async () => {
    const job = await begin();
    await putMachine(job.rentalId);
    await host.untilAtWork('fetch-model');
    const failure = new FailureError('rental-budget-reached', 'It has cost too much.').failure;
    await moveRental(job.rentalId, 'ended', { failure: { ...failure } });
    host.cut();
    await job.ended;
    expect((await findJob(job.jobId))?.failure).toMatchObject({
      code: 'rental-machine-lost',
      evidence: ['It has cost too much.'],
    });
  });

  it('leaves a machine that another job waits for', async () => {
    const job = await begin();
    await putMachine(job.rentalId);
    await runtime().client.job.create({
      data: {
        id: 'other',
        name: 'the other one',
        definitionVersion: 2,
        spec: (await findJob(job.jobId))?.spec as object,
        instanceId: job.instanceId,
      },
    });
    await workOnHost(job);
    await job.ended;
    expect(await goalOf(job.rentalId)).toBe('running');
    expect((await findJob(job.jobId))?.steps.at(-1)?.skippedReason).toContain('the other one');
  });
});
