import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { extendRental } from '../../../lib/commands/extend-rental';
import type { Failure } from '../../../lib/domain/failure';
import type { RentalState } from '../../../lib/domain/rental';
import { setRentalGoal } from '../../../lib/store/rental-wish-store';
import { runtime } from '../../../lib/store/runtime';
import { writeTransaction } from '../../../lib/store/write-transaction';
import { RentalWorld } from '../../support/rental-world';
import { addTestArtifact, addTestJob, openTestDatabase, type TestDatabase } from '../../support/test-database';

let database: TestDatabase;
let world: RentalWorld;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

async function open(): Promise<void> {
  world = await RentalWorld.open({ fake: { offerCount: 60 } });
}
const read = (id: string) =>
  runtime().client.rental.findUniqueOrThrow({
    where: { id },
    include: { tries: { orderBy: { ordinal: 'asc' } }, events: { orderBy: { id: 'asc' } }, instance: true },
  });
const code = (value: unknown) => (value as Failure | null)?.code ?? null;
const story = async (id: string) => (await read(id)).events.map(({ text }) => text).join('\n');

async function until(id: string, state: RentalState, rounds = 120): Promise<void> {
  if (!(await world.rounds(rounds, async () => (await read(id)).state === state))) {
    expect.fail(`never ${state}, but ${(await read(id)).state}: ${await story(id)}`);
  }
}
const want = (id: string, goal: 'running' | 'stopped' | 'gone') =>
  writeTransaction((transaction) => setRentalGoal(transaction, id, goal));

async function bringAllHome(): Promise<void> {
  const homePath = path.join(runtime().dataFolder, 'file.gguf');
  await writeFile(homePath, 'GGUF');
  await runtime().client.artifact.updateMany({ data: { homePath, sizeBytes: 4, bringHomeState: 'done' } });
}

describe('limits', () => {
  it('ends the job and asks for its files when the time is over, and stops what holds a file that does not come', async () => {
    await open();
    const { rentalId, instanceId } = await world.rent({ mostMs: 3_600_000 });
    await until(rentalId, 'ready');
    const jobId = await addTestJob(instanceId);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'running' } });
    await addTestArtifact(jobId);
    await world.fake.clock.advance(3_600_000);
    await world.round();
    expect((await runtime().client.job.findUniqueOrThrow({ where: { id: jobId } })).cancelRequestedAt).not.toBeNull();
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'canceled' } });
    await world.fake.clock.advance(60_000);
    await world.round();
    expect((await runtime().client.artifact.findFirst())?.bringHomeState).toBe('requested');
    await world.fake.clock.advance(15 * 60_000);
    await until(rentalId, 'stopped');
    expect(await world.rounds(3, async () => code((await read(rentalId)).alarm) === 'rental-holds-unsaved')).toBe(true);
    // Once it is home there is nothing to keep.
    await bringAllHome();
    await until(rentalId, 'ended');
    expect((await runtime().client.artifact.findFirst())?.onHost).toBe(false);
  });

  it('gives an idle machine back after its job, and starts one again whose GPU was taken meanwhile', async () => {
    await open();
    const { rentalId, instanceId } = await world.rent();
    await until(rentalId, 'ready');
    await want(rentalId, 'stopped');
    await until(rentalId, 'stopped');
    const [instance] = world.fake.world.living();
    world.fake.takeGpu(instance?.id ?? 0);
    await want(rentalId, 'running');
    await until(rentalId, 'starting');
    expect(await story(rentalId)).toContain('It is tried again.');
    await world.fake.freeGpu(instance?.id ?? 0);
    await until(rentalId, 'ready');
    const jobId = await addTestJob(instanceId);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'succeeded' } });
    await until(rentalId, 'ended');
    expect(await story(rentalId)).toContain('nothing on it is unsaved: it is given back');
  });

  it('brings the files home after a limit once it is extended and started again, and gives it back then', async () => {
    await open();
    const { rentalId, instanceId } = await world.rent({ mostMs: 3_600_000 });
    await until(rentalId, 'ready');
    const jobId = await addTestJob(instanceId);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'canceled' } });
    await addTestArtifact(jobId);
    await world.fake.clock.advance(3_600_000);
    await world.round();
    await world.fake.clock.advance(16 * 60_000);
    await until(rentalId, 'stopped');
    // The fake's clock is ahead of ours, by which the extension is reckoned.
    const moreMs = 24 * 3_600_000;
    await extendRental(rentalId, { moreMs, startsAgain: true });
    await until(rentalId, 'ready');
    expect((await runtime().client.artifact.findFirst())?.bringHomeState).toBe('requested');
    await world.rounds(10, async () => false);
    expect(await read(rentalId)).toMatchObject({ state: 'ready', goal: 'running', alarm: null, failure: null });
    await bringAllHome();
    await until(rentalId, 'ended');
    expect(await story(rentalId)).toContain('it is given back');
  });

  it('saves anew when it is started past its deadline', async () => {
    await open();
    const { rentalId, instanceId } = await world.rent({ mostMs: 3_600_000 });
    await until(rentalId, 'ready');
    const jobId = await addTestJob(instanceId);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'canceled' } });
    await addTestArtifact(jobId);
    await world.fake.clock.advance(3_600_000);
    await world.round();
    await world.fake.clock.advance(16 * 60_000);
    await until(rentalId, 'stopped');
    await want(rentalId, 'running');
    await until(rentalId, 'ready');
    await world.rounds(5, async () => false);
    expect(await read(rentalId)).toMatchObject({ state: 'ready', goal: 'running' });
    await bringAllHome();
    await until(rentalId, 'ended');
    expect(code((await read(rentalId)).failure)).toBe('rental-deadline-reached');
  });

  it('stops a machine that was to be left running, and keeps it', async () => {
    await open();
    const { rentalId, instanceId } = await world.rent({ mostMs: 3_600_000, afterwards: 'keep' });
    await until(rentalId, 'ready');
    const jobId = await addTestJob(instanceId);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'succeeded' } });
    await world.fake.clock.advance(3_600_000);
    await until(rentalId, 'stopped');
    await world.rounds(5, async () => false);
    expect(await read(rentalId)).toMatchObject({ state: 'stopped', alarm: { code: 'rental-deadline-reached' } });
    expect(world.fake.world.living()).toHaveLength(1);
  });

  it('ends a job whose machine is stopped for want of its GPU and past its limit', async () => {
    await open();
    const { rentalId, instanceId } = await world.rent({ mostMs: 3_600_000 });
    await until(rentalId, 'ready');
    const jobId = await addTestJob(instanceId);
    await want(rentalId, 'stopped');
    await until(rentalId, 'stopped');
    await world.fake.clock.advance(3_600_000);
    await world.round();
    expect((await runtime().client.job.findUniqueOrThrow({ where: { id: jobId } })).cancelRequestedAt).not.toBeNull();
  });
});
