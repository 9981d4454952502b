import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../lib/domain/failure';
import { toRequiredJson } from '../../../lib/store/json-column';
import { runtime } from '../../../lib/store/runtime';
import { OTHER_ACCOUNT_ID, OTHER_KEY } from '../../support/fake-vast/fake-accounts';
import { createInstance } from '../../support/fake-vast/fake-life';
import { exampleEstimate, exampleOffer } from '../../support/rental-examples';
import { rentalScene } from '../../support/rental-scene';
import { addTestArtifact, addTestJob } from '../../support/test-database';

const scene = rentalScene();
const { open, openReady, read, goOn } = scene;

const LONG_MS = 15 * 60_000;

describe('a key of another account', () => {
  it('proves nothing about the machines of the former one, and says what still runs there', async () => {
    const { rentalId, instanceId } = await openReady();
    const jobId = await addTestJob(instanceId);
    await addTestArtifact(jobId);
    scene.world.useKey(OTHER_KEY);
    await goOn(LONG_MS);
    const { state, goal, alarm, tries } = await read(rentalId);
    expect({ state, goal, tries: tries.map((each) => each.state) }).toEqual({
      state: 'ready',
      goal: 'running',
      tries: ['there'],
    });
    expect((alarm as unknown as Failure).code).toBe('rental-account-changed');
    expect((alarm as unknown as Failure).evidence).toEqual([`instance ${tries[0]?.serviceId}`]);
    expect((await runtime().client.artifact.findFirst())?.onHost).toBe(true);
    expect(scene.world.fake.world.living()).toHaveLength(1);
  });

  it('ends nothing even when its end is wanted, and all is as before once the former key is back', async () => {
    const { rentalId } = await openReady();
    scene.world.useKey(OTHER_KEY);
    await runtime().client.rental.update({ where: { id: rentalId }, data: { goal: 'gone' } });
    await goOn(LONG_MS);
    expect((await read(rentalId)).state).toBe('releasing');
    expect(scene.world.fake.world.living()).toHaveLength(1);
    scene.world.useKey(scene.world.fake.key);
    expect(await scene.world.rounds(60, async () => (await read(rentalId)).state === 'ended')).toBe(true);
    expect(scene.world.fake.world.living()).toEqual([]);
    expect((await read(rentalId)).events.at(-1)?.text).toMatch(/^Billing ended .* proven/);
  });

  it('forgets no stray of the former account, and acts on none', async () => {
    await openReady();
    const [offer] = scene.world.fake.world.offers.filter(({ rented }) => !rented);
    if (!offer) throw new Error('the market is empty');
    const label = 'quantdeck:installation-of-the-test:of-nobody';
    createInstance(scene.world.fake.world, offer, {
      image: 'x',
      disk: 20,
      runtype: 'ssh_direct',
      env: {},
      onstart: null,
      label,
    });
    await goOn(60_000);
    await runtime().client.strayInstance.updateMany({ data: { choice: 'destroy' } });
    scene.world.useKey(OTHER_KEY);
    await goOn(10 * 60_000);
    expect(await runtime().client.strayInstance.count()).toBe(1);
    expect(scene.world.living(label)).toHaveLength(1);
    expect(await runtime().client.rentalWatch.findFirst()).toMatchObject({
      accountId: String(OTHER_ACCOUNT_ID),
      instances: [],
    });
    scene.world.useKey(scene.world.fake.key);
    expect(await scene.world.rounds(60, async () => scene.world.living(label).length === 0)).toBe(true);
  });

  it('asks for the files of a machine at its limit all the same: that needs no service', async () => {
    const { rentalId, instanceId } = await openReady();
    const jobId = await addTestJob(instanceId);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'canceled' } });
    await addTestArtifact(jobId);
    scene.world.useKey(OTHER_KEY);
    const spentNanoUsd = 100_000_000_000n;
    await runtime().client.rental.update({ where: { id: rentalId }, data: { spentNanoUsd } });
    await goOn(60_000);
    expect((await runtime().client.artifact.findFirst())?.bringHomeState).toBe('requested');
  });

  it('is not asked for what was chosen in the former account and never sent', async () => {
    await open();
    const { rentalId } = await scene.world.rent();
    const accountId = 'another';
    const chosen = {
      rentalId,
      ordinal: 1,
      label: 'quantdeck:installation-of-the-test:chosen',
      machineId: '1',
      accountId,
    };
    const offer = toRequiredJson(exampleOffer());
    await runtime().client.rentalTry.create({
      data: { id: 'chosen', ...chosen, offer, estimate: toRequiredJson(exampleEstimate()) },
    });
    await runtime().client.rental.update({ where: { id: rentalId }, data: { state: 'asking' } });
    expect(await scene.world.rounds(60, async () => (await read(rentalId)).state === 'ready')).toBe(true);
    const tries = (await read(rentalId)).tries.sort((a, b) => a.ordinal - b.ordinal);
    expect(tries[0]).toMatchObject({ state: 'gone', sentAt: null, accountId });
    expect(tries.at(-1)).toMatchObject({ state: 'there' });
    expect(tries.at(-1)?.accountId).not.toBe(accountId);
    expect((await read(rentalId)).alarm).toBeNull();
  });

  it('rents what is wanted from now on in the other account', async () => {
    await openReady();
    scene.world.useKey(OTHER_KEY);
    const { rentalId } = await scene.world.rent();
    expect(await scene.world.rounds(60, async () => (await read(rentalId)).state === 'ready')).toBe(true);
    expect((await read(rentalId)).tries[0]?.accountId).toBe(String(OTHER_ACCOUNT_ID));
  });
});
