import { describe, expect, it } from 'vitest';
import { restartRental } from '../../../lib/commands/restart-rental';
import { runtime } from '../../../lib/store/runtime';
import { rentalScene } from '../../support/rental-scene';
import { addTestJob } from '../../support/test-database';

const scene = rentalScene();
const { openReady, read, story } = scene;

const restarts = () => scene.world.fake.requests.filter(({ path }) => path.includes('/reboot/'));
const isIn = (id: string, state: string) => async () => (await read(id)).state === state;

/** As the command does, at the time of the fake's clock: that one is not ours. */
const want = (id: string) =>
  runtime().client.rental.update({
    where: { id },
    data: { restartWantedAt: new Date(scene.world.fake.clock.nowMs()) },
  });

describe('a restart', () => {
  it('is asked for once, keeps the machine and its price, and is told in the story', async () => {
    const { rentalId } = await openReady();
    const [before] = scene.world.fake.world.living();
    await want(rentalId);
    await scene.world.round();
    expect(await read(rentalId)).toMatchObject({ state: 'starting', goal: 'running', restartWantedAt: null });
    expect(await scene.world.rounds(60, isIn(rentalId, 'ready'))).toBe(true);
    await scene.world.rounds(10, async () => false);
    expect(restarts()).toHaveLength(1);
    expect(scene.world.fake.world.living().map(({ id }) => id)).toEqual([before?.id]);
    const told = (await read(rentalId)).events.map(({ text }) => text);
    expect(told.slice(told.findIndex((text) => text.includes('is being restarted')))).toEqual([
      'The machine is being restarted: it keeps its GPU and its price.',
      'The machine answers by SSH again.',
    ]);
    expect((await read(rentalId)).tries).toHaveLength(1);
  });

  it('brings back a machine that was lost while its job was open', async () => {
    const { rentalId, instanceId } = await openReady();
    await addTestJob(instanceId);
    const [instance] = scene.world.fake.world.living();
    if (!instance) throw new Error('no machine');
    instance.actual = 'frozen';
    expect(await scene.world.rounds(30, isIn(rentalId, 'lost'))).toBe(true);
    await want(rentalId);
    expect(await scene.world.rounds(60, isIn(rentalId, 'ready'))).toBe(true);
    expect(restarts()).toHaveLength(1);
  });

  it('whose answer is lost is not asked for again', async () => {
    const { rentalId } = await openReady();
    scene.world.fake.faults.set([{ kind: 'reply-lost', match: /reboot/ }]);
    await want(rentalId);
    await scene.world.rounds(30, async () => false);
    expect((await read(rentalId)).state).toBe('ready');
    expect(restarts()).toHaveLength(1);
    expect(await story(rentalId)).toContain('The restart did not pass, and is not asked for again.');
  });

  it('is refused for a machine that a job is open on', async () => {
    const { rentalId, instanceId } = await openReady();
    await addTestJob(instanceId);
    await expect(restartRental(rentalId)).rejects.toMatchObject({ failure: { code: 'conflict' } });
    await runtime().client.job.deleteMany();
    await restartRental(rentalId);
    expect((await read(rentalId)).restartWantedAt).not.toBeNull();
  });
});
