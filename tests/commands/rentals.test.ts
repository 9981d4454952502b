import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cancelJob } from '../../lib/commands/cancel-job';
import { changeRentalGoal } from '../../lib/commands/change-rental-goal';
import { chooseStray } from '../../lib/commands/choose-stray';
import { deleteJob } from '../../lib/commands/delete-job';
import { rentForCheck } from '../../lib/commands/rent-for-check';
import { retryJob } from '../../lib/commands/retry-job';
import { saveRentalBudget } from '../../lib/commands/save-rental-budget';
import { FailureError } from '../../lib/domain/failure';
import { nanoUsdOf } from '../../lib/domain/money';
import { createId } from '../../lib/store/create-id';
import { findJob } from '../../lib/store/job-views';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { findRentalMonth } from '../../lib/store/rental-month-views';
import { findRental, listRentals, listStrays } from '../../lib/store/rental-views';
import { runtime } from '../../lib/store/runtime';
import { openTestDatabase, type TestDatabase } from '../support/test-database';
import { addRentedJob, addTestCheck, moveRental, putMachine, TERMS } from '../support/test-rental';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureDefaultKey(() => ({ publicKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:own', privateKey: 'own' }));
});
afterAll(() => database.close());
beforeEach(async () => {
  const { client } = runtime();
  await client.job.deleteMany();
  await client.rental.deleteMany();
  await client.instance.deleteMany();
  await client.setting.deleteMany();
});

const refused = (code: string) => expect.objectContaining({ failure: expect.objectContaining({ code }) });
const stops = new FailureError('model-config-contradicts-tensors', 'layers differ').failure;
const repair = { patch: { num_hidden_layers: 40 }, undetermined: [], files: [], answers: [] };

async function addFile(jobId: string, change: object = {}): Promise<void> {
  await runtime().client.artifact.create({
    data: {
      id: createId(),
      jobId,
      type: 'F16',
      fileName: 'tiny-F16.gguf',
      hostPath: '/out/tiny-F16.gguf',
      sizeBytes: 4n,
      verdict: 'works',
      ...change,
    },
  });
}

async function endJob(jobId: string, status = 'failed'): Promise<void> {
  await runtime().client.job.update({ where: { id: jobId }, data: { status, owner: null, leaseUntilMs: 0 } });
}

describe('one button for a checked model', () => {
  it('writes down the wish to rent, the instance and the job, as one', async () => {
    const { jobId, rentalId, instanceId } = await addRentedJob({ name: 'my tiny', outputs: ['Q4_K_M'] });
    const job = await findJob(jobId);
    expect(job).toMatchObject({ name: 'my tiny', status: 'queued', instanceId });
    expect(job?.spec).toMatchObject({
      source: { kind: 'hub', repo: 'acme/tiny', revision: 'a'.repeat(40) },
      bringHome: true,
      rental: { rentalId, afterwards: 'destroy' },
    });
    expect(job?.steps.map(({ key }) => key)).toEqual([
      'rent-host',
      'prepare-host',
      'fetch-model',
      'inspect-model',
      'repair-model',
      'convert-model',
      'quantize:Q4_K_M',
      'checksum:Q4_K_M',
      'verify:Q4_K_M',
      'bring-home:Q4_K_M',
      'release-host',
    ]);
    const rental = await findRental(rentalId);
    expect(rental).toMatchObject({ goal: 'running', state: 'looking', instanceId, jobIds: [jobId], tries: [] });
    expect(rental?.terms).toMatchObject({ ...TERMS, mostTries: 3, afterwards: 'destroy' });
    const { work } = (await runtime().client.rental.findUnique({ where: { id: rentalId } })) ?? {};
    expect(work).toMatchObject({ sourceBytes: 2_000_000_000, outputs: [{ type: 'Q4_K_M' }] });
  });

  it('takes a proposed repair along only when it was approved', async () => {
    const checkId = await addTestCheck({ stops, repair });
    await expect(rentForCheck({ checkId, outputs: ['F16'], rental: TERMS })).rejects.toEqual(refused(stops.code));
    const { jobId } = await rentForCheck({ checkId, outputs: ['F16'], rental: TERMS, approvesRepair: true });
    expect((await findJob(jobId))?.spec.configPatch).toEqual({ num_hidden_layers: 40 });
  });

  it('rents nothing for a model that cannot be converted, or whose files are on another host', async () => {
    const blocked = await addTestCheck({ stops, stopsAfterRepair: stops });
    await expect(addRentedJob({ checkId: blocked, approvesRepair: true })).rejects.toEqual(refused(stops.code));
    await runtime().client.modelCheck.create({ data: { id: 'open', source: { kind: 'hub', repo: 'acme/tiny' } } });
    await expect(addRentedJob({ checkId: 'open' })).rejects.toEqual(refused('conflict'));
    const elsewhere = await addTestCheck({}, { kind: 'folder', instanceId: 'h', path: '/models/tiny' });
    await expect(addRentedJob({ checkId: elsewhere })).rejects.toEqual(refused('conflict'));
    await expect(addRentedJob({ checkId: 'nobody' })).rejects.toEqual(refused('not-found'));
    await expect(addRentedJob({ outputs: [] })).rejects.toEqual(refused('invalid-input'));
    expect(await listRentals()).toEqual([]);
    const here = await addTestCheck({}, { kind: 'folder', instanceId: null, path: '/models/tiny' });
    const { jobId } = await addRentedJob({ checkId: here });
    expect((await findJob(jobId))?.spec.source).toEqual({
      kind: 'folder',
      location: 'dashboard',
      path: '/models/tiny',
    });
  });

  it('keeps to the limit of the month, which counts what rented machines may still cost', async () => {
    // A fifth more than the budget may go for saving files after a limit.
    await saveRentalBudget({ monthUsd: 1.7 });
    const { rentalId } = await addRentedJob();
    await moveRental(rentalId, 'coming', { spentNanoUsd: BigInt(nanoUsdOf(0.25)) });
    expect(await findRentalMonth()).toEqual({
      limitNanoUsd: nanoUsdOf(1.7),
      spentNanoUsd: nanoUsdOf(0.25),
      promisedNanoUsd: nanoUsdOf(0.95),
    });
    await expect(addRentedJob()).rejects.toEqual(refused('rental-budget-reached'));
    expect(await runtime().client.job.count()).toBe(1);
    const charge = { totalNanoUsd: nanoUsdOf(0.4) };
    await moveRental(rentalId, 'ended', { charges: [charge] });
    expect(await findRentalMonth()).toMatchObject({ spentNanoUsd: nanoUsdOf(0.4), promisedNanoUsd: 0 });
    await addRentedJob();
    await saveRentalBudget({ monthUsd: null });
    expect((await findRentalMonth()).limitNanoUsd).toBeNull();
    await expect(saveRentalBudget({ monthUsd: -1 })).rejects.toEqual(refused('invalid-input'));
  });
});

describe('what is wanted of a rented machine', () => {
  it('is not changed under a job, nor after its end', async () => {
    const { jobId, rentalId } = await addRentedJob();
    await putMachine(rentalId);
    await expect(changeRentalGoal(rentalId, { goal: 'gone' })).rejects.toEqual(refused('conflict'));
    await expect(changeRentalGoal('nobody', { goal: 'gone' })).rejects.toEqual(refused('not-found'));
    await endJob(jobId);
    await changeRentalGoal(rentalId, { goal: 'stopped' });
    await changeRentalGoal(rentalId, { goal: 'running' });
    await changeRentalGoal(rentalId, { goal: 'gone' });
    expect((await findRental(rentalId))?.goal).toBe('gone');
    await expect(changeRentalGoal(rentalId, { goal: 'running' })).rejects.toEqual(refused('conflict'));
    await moveRental(rentalId, 'ended');
    await expect(changeRentalGoal(rentalId, { goal: 'gone' })).rejects.toEqual(refused('conflict'));
  });

  it('is its end only when each file that would be lost is named', async () => {
    const { jobId, rentalId } = await addRentedJob();
    await putMachine(rentalId);
    await endJob(jobId);
    const home = path.join(database.dataFolder, 'home.gguf');
    await writeFile(home, 'gguf');
    await addFile(jobId, { homePath: home });
    await addFile(jobId, { type: 'Q4_K_M', fileName: 'tiny-Q4_K_M.gguf' });
    // It was brought home, and somebody deleted it there.
    await addFile(jobId, { type: 'Q8_0', fileName: 'tiny-Q8_0.gguf', homePath: `${home}.deleted` });
    await addFile(jobId, { type: 'Q2_K', fileName: 'tiny-Q2_K.gguf', onHost: false });
    await expect(changeRentalGoal(rentalId, { goal: 'gone' })).rejects.toMatchObject({
      failure: { code: 'rental-holds-unsaved', evidence: ['tiny-Q4_K_M.gguf', 'tiny-Q8_0.gguf'] },
    });
    const confirmedUnsaved = ['tiny-Q4_K_M.gguf'];
    await expect(changeRentalGoal(rentalId, { goal: 'gone', confirmedUnsaved })).rejects.toMatchObject({
      failure: { evidence: ['tiny-Q8_0.gguf'] },
    });
    await changeRentalGoal(rentalId, { goal: 'stopped' });
    await changeRentalGoal(rentalId, { goal: 'gone', confirmedUnsaved: [...confirmedUnsaved, 'tiny-Q8_0.gguf'] });
    expect((await findRental(rentalId))?.goal).toBe('gone');
  });
});

describe('a job that waits for its machine', () => {
  it('gives it back when it is canceled before anybody took it', async () => {
    const { jobId, rentalId } = await addRentedJob();
    await cancelJob(jobId);
    expect((await findJob(jobId))?.status).toBe('canceled');
    expect((await findRental(rentalId))?.goal).toBe('gone');
  });

  it('leaves the end of its machine to the keeper once a limit is reached', async () => {
    const { jobId, rentalId } = await addRentedJob();
    await moveRental(rentalId, 'coming', { spentNanoUsd: BigInt(TERMS.mostNanoUsd) });
    await cancelJob(jobId);
    expect((await findRental(rentalId))?.goal).toBe('running');
  });

  it('is not deleted before its machine is given back', async () => {
    const { jobId, rentalId } = await addRentedJob();
    await endJob(jobId);
    await expect(deleteJob(jobId)).rejects.toEqual(refused('conflict'));
    await moveRental(rentalId, 'ended');
    await deleteJob(jobId);
    expect(await findJob(jobId)).toBeNull();
  });
});

describe('a retry', () => {
  it('on a machine that is there begins with the machine and keeps what is done', async () => {
    const { jobId, rentalId, instanceId } = await addRentedJob({ outputs: ['F16'] });
    await putMachine(rentalId);
    await endJob(jobId);
    const { client } = runtime();
    await client.step.updateMany({ where: { jobId, key: { not: 'verify:F16' } }, data: { status: 'succeeded' } });
    await client.step.updateMany({ where: { jobId, key: 'verify:F16' }, data: { status: 'failed' } });
    await retryJob(jobId);
    const job = await findJob(jobId);
    expect(job?.instanceId).toBe(instanceId);
    const queued = job?.steps.filter(({ status }) => status === 'queued').map(({ key }) => key);
    expect(queued).toEqual(['rent-host', 'verify:F16', 'release-host']);
  });

  it('on a new machine makes again what was lost with the old one, and nothing that is home and works', async () => {
    const { jobId, rentalId, instanceId } = await addRentedJob({ outputs: ['F16', 'Q4_K_M'] });
    await moveRental(rentalId, 'ended');
    await endJob(jobId);
    await runtime().client.step.updateMany({ where: { jobId }, data: { status: 'succeeded' } });
    await runtime().client.step.updateMany({ where: { jobId, key: 'release-host' }, data: { status: 'failed' } });
    await addFile(jobId, { homePath: '/home/tiny-F16.gguf' });
    await addFile(jobId, {
      type: 'Q4_K_M',
      fileName: 'tiny-Q4_K_M.gguf',
      sha256: 'ab',
      homePath: '/x',
      verdict: 'partly',
    });
    await retryJob(jobId);
    const job = await findJob(jobId);
    expect(job?.instanceId).not.toBe(instanceId);
    const kept = job?.steps.filter(({ status }) => status === 'succeeded').map(({ key }) => key);
    expect(kept).toEqual(['checksum:F16', 'verify:F16', 'bring-home:F16']);
    const places = job?.artifacts.map(({ type, place, sha256 }) => [type, place, sha256]);
    expect(places).toEqual([
      ['F16', 'home', null],
      ['Q4_K_M', 'gone', null],
    ]);
    expect(await listRentals()).toHaveLength(2);
  });

  it('does not rent anew beyond the month', async () => {
    const { jobId, rentalId } = await addRentedJob();
    await moveRental(rentalId, 'ended', { spentNanoUsd: BigInt(nanoUsdOf(0.5)) });
    await endJob(jobId);
    await saveRentalBudget({ monthUsd: 1.6 });
    await expect(retryJob(jobId)).rejects.toEqual(refused('rental-budget-reached'));
    expect((await findJob(jobId))?.status).toBe('failed');
  });
});

describe('an instance of ours that no rental knows', () => {
  it('is destroyed or left alone by choice', async () => {
    await runtime().client.strayInstance.create({
      data: { serviceId: '9', label: 'quantdeck:a:b', seen: {}, lastSeenAt: new Date() },
    });
    await chooseStray('9', { choice: 'destroy' });
    expect(await listStrays()).toMatchObject([{ serviceId: '9', choice: 'destroy' }]);
    await expect(chooseStray('10', { choice: 'ignore' })).rejects.toEqual(refused('not-found'));
  });
});
