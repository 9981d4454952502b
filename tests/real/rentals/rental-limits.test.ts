import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { extendRental } from '../../../lib/commands/extend-rental';
import { runtime } from '../../../lib/store/runtime';
import { rentalScene, storedCode } from '../../support/rental-scene';
import { addTestArtifact, addTestJob } from '../../support/test-database';

const scene = rentalScene();
const { open, read, story, until, want } = scene;

async function bringAllHome(): Promise<void> {
  const homePath = path.join(runtime().dataFolder, 'file.gguf');
  await writeFile(homePath, 'GGUF');
  await runtime().client.artifact.updateMany({ data: { homePath, sizeBytes: 4, bringHomeState: 'done' } });
}

/** A rental that was stopped at its deadline, because a file is on its machine alone. */
async function heldAtDeadline(): Promise<string> {
  await open();
  const { rentalId, instanceId } = await scene.world.rent({ mostMs: 3_600_000 });
  await until(rentalId, 'ready');
  const jobId = await addTestJob(instanceId);
  await runtime().client.job.update({ where: { id: jobId }, data: { status: 'canceled' } });
  await addTestArtifact(jobId);
  await scene.world.fake.clock.advance(3_600_000);
  await scene.world.round();
  await scene.world.fake.clock.advance(16 * 60_000);
  await until(rentalId, 'stopped');
  return rentalId;
}

describe('limits', () => {
  it('ends the job and asks for its files when the time is over, and stops what holds a file that does not come', async () => {
    await open();
    const { rentalId, instanceId } = await scene.world.rent({ mostMs: 3_600_000 });
    await until(rentalId, 'ready');
    const jobId = await addTestJob(instanceId);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'running' } });
    await addTestArtifact(jobId);
    await scene.world.fake.clock.advance(3_600_000);
    await scene.world.round();
    expect((await runtime().client.job.findUniqueOrThrow({ where: { id: jobId } })).cancelRequestedAt).not.toBeNull();
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'canceled' } });
    await scene.world.fake.clock.advance(60_000);
    await scene.world.round();
    expect((await runtime().client.artifact.findFirst())?.bringHomeState).toBe('requested');
    await scene.world.fake.clock.advance(15 * 60_000);
    await until(rentalId, 'stopped');
    expect(
      await scene.world.rounds(3, async () => storedCode((await read(rentalId)).alarm) === 'rental-holds-unsaved'),
    ).toBe(true);
    // Once it is home there is nothing to keep.
    await bringAllHome();
    await until(rentalId, 'ended');
    expect((await runtime().client.artifact.findFirst())?.onHost).toBe(false);
  });

  it('gives an idle machine back after its job, and starts one again whose GPU was taken meanwhile', async () => {
    await open();
    const { rentalId, instanceId } = await scene.world.rent();
    await until(rentalId, 'ready');
    await want(rentalId, 'stopped');
    await until(rentalId, 'stopped');
    const [instance] = scene.world.fake.world.living();
    scene.world.fake.takeGpu(instance?.id ?? 0);
    await want(rentalId, 'running');
    await until(rentalId, 'starting');
    expect(await story(rentalId)).toContain('It is tried again.');
    await scene.world.fake.freeGpu(instance?.id ?? 0);
    await until(rentalId, 'ready');
    const jobId = await addTestJob(instanceId);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'succeeded' } });
    await until(rentalId, 'ended');
    expect(await story(rentalId)).toContain('nothing on it is unsaved: it is given back');
  });

  it('brings the files home after a limit once it is extended and started again, and gives it back then', async () => {
    const rentalId = await heldAtDeadline();
    // The fake's clock is ahead of ours, by which the extension is reckoned.
    const moreMs = 24 * 3_600_000;
    await extendRental(rentalId, { moreMs, startsAgain: true });
    await until(rentalId, 'ready');
    expect((await runtime().client.artifact.findFirst())?.bringHomeState).toBe('requested');
    await scene.world.rounds(10, async () => false);
    expect(await read(rentalId)).toMatchObject({ state: 'ready', goal: 'running', alarm: null, failure: null });
    await bringAllHome();
    await until(rentalId, 'ended');
    expect(await story(rentalId)).toContain('it is given back');
  });

  it('saves anew when it is started past its deadline', async () => {
    const rentalId = await heldAtDeadline();
    await want(rentalId, 'running');
    await until(rentalId, 'ready');
    await scene.world.rounds(5, async () => false);
    expect(await read(rentalId)).toMatchObject({ state: 'ready', goal: 'running' });
    await bringAllHome();
    await until(rentalId, 'ended');
    expect(storedCode((await read(rentalId)).failure)).toBe('rental-deadline-reached');
  });

  it('stops a machine that was to be left running, and keeps it', async () => {
    await open();
    const { rentalId, instanceId } = await scene.world.rent({ mostMs: 3_600_000, afterwards: 'keep' });
    await until(rentalId, 'ready');
    const jobId = await addTestJob(instanceId);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'succeeded' } });
    await scene.world.fake.clock.advance(3_600_000);
    await until(rentalId, 'stopped');
    await scene.world.rounds(5, async () => false);
    expect(await read(rentalId)).toMatchObject({ state: 'stopped', alarm: { code: 'rental-deadline-reached' } });
    expect(scene.world.fake.world.living()).toHaveLength(1);
  });

  it('ends a job whose machine is stopped for want of its GPU and past its limit', async () => {
    await open();
    const { rentalId, instanceId } = await scene.world.rent({ mostMs: 3_600_000 });
    await until(rentalId, 'ready');
    const jobId = await addTestJob(instanceId);
    await want(rentalId, 'stopped');
    await until(rentalId, 'stopped');
    await scene.world.fake.clock.advance(3_600_000);
    await scene.world.round();
    expect((await runtime().client.job.findUniqueOrThrow({ where: { id: jobId } })).cancelRequestedAt).not.toBeNull();
  });
});
