import { describe, expect, it } from 'vitest';
import { formatRentalLabel } from '../../../lib/domain/rental-label';
import { listStrays } from '../../../lib/store/rental-views';
import { runtime } from '../../../lib/store/runtime';
import { fakeKeyOf } from '../../support/fake-vast/fake-accounts';
import { createInstance } from '../../support/fake-vast/fake-life';
import { rentalScene, storedCode } from '../../support/rental-scene';

const scene = rentalScene();
const { open, read, story, until, want, orders } = scene;

describe('renting', () => {
  it('goes from the wish to a machine that answers, and to the proof that it is gone, with its bill', async () => {
    await open();
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready');
    const [instance] = scene.world.fake.world.living();
    expect(instance?.label).toMatch(/^quantdeck:installation-of-the-test:[0-9a-f-]{36}$/);
    await scene.world.fake.clock.advance(3_600_000);
    await scene.world.round();
    await want(rentalId, 'gone');
    await until(rentalId, 'ended');
    const { spentNanoUsd, spentDiskNanoUsd, spentTrafficNanoUsd, utilization, events, tries } = await read(rentalId);
    const { gpuUsd, diskUsd, downUsd, upUsd } = scene.world.fake.instance(tries[0]?.serviceId ?? '').meter;
    const billed = gpuUsd + diskUsd + downUsd + upUsd;
    expect(Number(spentNanoUsd) / 1e9 / billed).toBeGreaterThanOrEqual(1);
    expect(Number(spentNanoUsd) / 1e9 / billed).toBeLessThan(1.1);
    expect(Number(spentDiskNanoUsd) / 1e9 / diskUsd).toBeCloseTo(1, 0);
    expect(Number(spentTrafficNanoUsd) / 1e9).toBeCloseTo(downUsd + upUsd, 2);
    expect((utilization as unknown as { at: string }[]).length).toBeGreaterThan(1);
    expect(events.at(-1)?.text).toMatch(/^Billing ended at \d\d:\d\d UTC, proven/);
    await scene.world.fake.clock.advance(2 * 60_000);
    await scene.world.fake.clock.advance(6 * 60_000);
    await scene.world.round();
    const charges = (await read(rentalId)).charges as unknown as { totalNanoUsd: number }[];
    expect(charges.reduce((sum, { totalNanoUsd }) => sum + totalNanoUsd, 0) / 1e9).toBeCloseTo(billed, 4);
    expect((await runtime().client.rentalWatch.findFirst())?.creditNanoUsd).toBeGreaterThan(19_000_000_000n);
  });

  it('takes the next machine when one breaks down, avoids it, and gives up after as many as agreed', async () => {
    await open();
    scene.world.fake.expect('disk-full', 'exits', 'key-never-accepted');
    const { rentalId } = await scene.world.rent({ mostTries: 3 });
    await until(rentalId, 'ended');
    const { failure, tries } = await read(rentalId);
    expect(failure).toMatchObject({
      code: 'rental-gave-up',
      evidence: [/./, /./, /./].map((any) => expect.stringMatching(any)),
    });
    expect(tries.map((each) => storedCode(each.failure))).toEqual(Array(3).fill('rental-machine-broken'));
    // What their containers wrote last is kept beyond their end.
    expect(tries.map((each) => each.containerLog)).toEqual([
      expect.stringContaining('no space left'),
      expect.any(String),
      expect.stringContaining('bad ownership or modes'),
    ]);
    const avoided = (await runtime().client.avoidedMachine.findMany()).map(({ machineId }) => machineId).sort();
    expect(avoided).toEqual(tries.map(({ machineId }) => machineId).sort());
    expect(scene.world.fake.world.living()).toEqual([]);
  });

  it('gives a machine back that nobody hears of any more, and takes the next', async () => {
    await open();
    scene.world.fake.expect('falls-silent');
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready');
    const { tries } = await read(rentalId);
    expect(tries.map((each) => storedCode(each.failure))).toEqual(['rental-machine-broken', null]);
    expect(scene.world.fake.world.living().map(({ id }) => String(id))).toEqual([tries[1]?.serviceId]);
  });

  it('takes another image after one that no machine can load, and holds nothing against the machine', async () => {
    await open();
    scene.world.fake.expect('image-missing');
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready');
    const images = [...scene.world.fake.world.instances.values()].map(({ image }) => image);
    expect(images).toEqual(['ghcr.io/ggml-org/llama.cpp:full-v0.5.0', 'ubuntu:24.04']);
    expect(storedCode((await read(rentalId)).tries[0]?.failure)).toBe('rental-machine-broken');
    expect(await runtime().client.avoidedMachine.count()).toBe(0);
  });

  it('does not try an image twice that no machine can load', async () => {
    await open();
    scene.world.fake.expect('image-missing', 'image-missing', 'image-missing', 'image-missing');
    const { rentalId } = await scene.world.rent({ mostTries: 10 });
    await until(rentalId, 'ended');
    expect(storedCode((await read(rentalId)).failure)).toBe('rental-machine-broken');
    expect(new Set([...scene.world.fake.world.instances.values()].map(({ image }) => image)).size).toBe(4);
    expect(orders()).toHaveLength(4);
  });

  it('says why no offer will do, and why a key will not', async () => {
    await open();
    const { rentalId } = await scene.world.rent({ mostNanoUsdPerHour: 1 });
    await until(rentalId, 'ended');
    expect((await read(rentalId)).failure).toMatchObject({ code: 'rental-no-offer' });
    await scene.world.close();
    await open({ apiKey: 'vast-test-nobody-0123456789' });
    const second = await scene.world.rent();
    await until(second.rentalId, 'ended');
    expect(storedCode((await read(second.rentalId)).failure)).toBe('rental-key-refused');
  });

  it('goes on without the way that a team key does not have, and says so', async () => {
    await open({ apiKey: fakeKeyOf('team') });
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready');
    expect(await story(rentalId)).toContain('could not be put on the account');
  });
});

describe('the bill of a rental', () => {
  it('is read though the dashboard slept for days after its end', async () => {
    await open();
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready');
    await want(rentalId, 'gone');
    await until(rentalId, 'ended');
    await scene.world.fake.clock.advance(10 * 86_400_000);
    scene.world.restart(0);
    await scene.world.round();
    expect((await read(rentalId)).charges).toHaveLength(1);
  });
});

describe('a request without an answer', () => {
  it('is found by its label, and never sent again', async () => {
    await open();
    scene.world.fake.faults.set([{ kind: 'reply-lost', match: /asks/, times: 1 }]);
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready');
    expect(orders()).toHaveLength(1);
  });

  it('is waited for ten minutes before the next one, and given back when it comes late', async () => {
    await open();
    scene.world.fake.faults.set([{ kind: 'hang-up', match: /asks/, times: 1 }]);
    const { rentalId } = await scene.world.rent();
    const before = scene.world.fake.clock.nowMs();
    await until(rentalId, 'ready', 400);
    const [first, second] = (await read(rentalId)).tries;
    expect(storedCode(first?.failure)).toBe('rental-outcome-unknown');
    expect(Number(second?.sentAt) - before).toBeGreaterThan(10 * 60_000);
    const [offer] = scene.world.fake.world.offers.filter(({ rented }) => !rented);
    if (!offer || !first) throw new Error('the market is empty');
    const body = { image: 'x', disk: 20, label: first.label, runtype: 'ssh_direct', env: {}, onstart: null };
    createInstance(scene.world.fake.world, offer, body);
    const isGone = async () => scene.world.living(first.label).length === 0;
    expect(await scene.world.rounds(20, isGone)).toBe(true);
    expect((await read(rentalId)).state).toBe('ready');
    expect(await story(rentalId)).toContain('appeared late');
    // Unless a person chose otherwise.
    const kept = createInstance(scene.world.fake.world, offer, body);
    const noted = { label: first.label, seen: {}, lastSeenAt: new Date() };
    await runtime().client.strayInstance.create({ data: { ...noted, serviceId: String(kept.id), choice: 'ignore' } });
    await scene.world.rounds(5, async () => false);
    expect(scene.world.living(first.label)).toHaveLength(1);
  });
});

describe('giving back', () => {
  it('a list that fails proves nothing: it is an alarm, and ends when it can be proven', async () => {
    await open();
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready');
    scene.world.fake.faults.set([{ kind: 'server-error', match: /GET .*instances/ }]);
    await want(rentalId, 'gone');
    expect(
      await scene.world.rounds(40, async () => storedCode((await read(rentalId)).alarm) === 'rental-release-unproven'),
    ).toBe(true);
    expect((await read(rentalId)).state).toBe('releasing');
    expect((await runtime().client.rentalWatch.findFirst())?.failure).toMatchObject({ code: 'rental-unreachable' });
    scene.world.fake.faults.set([]);
    await until(rentalId, 'ended');
    expect((await read(rentalId)).alarm).toBeNull();
  });

  it('reports what a Quantdeck rented and no rental knows, destroys it only by choice, and leaves others alone', async () => {
    await open();
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready');
    const body = { image: 'x', disk: 20, runtype: 'ssh_direct', env: {}, onstart: null };
    const [mine, theirs] = scene.world.fake.world.offers.filter(({ rented }) => !rented);
    if (!mine || !theirs) throw new Error('the market is empty');
    // With the database our own id is lost too: the label is as that of another dashboard.
    const label = formatRentalLabel({ installationId: 'before-it-was-lost', rentalId: 'of-a-lost-database' });
    const stray = createInstance(scene.world.fake.world, mine, { ...body, label });
    createInstance(scene.world.fake.world, theirs, { ...body, label: 'my own training' });
    await scene.world.round();
    const rows = await listStrays();
    expect(rows).toMatchObject([{ serviceId: String(stray.id), choice: 'none', isOwn: false }]);
    await scene.world.rounds(5, async () => false);
    expect(scene.world.fake.world.living()).toHaveLength(3);
    await runtime().client.strayInstance.updateMany({ data: { choice: 'destroy' } });
    await scene.world.rounds(20, async () => (await runtime().client.strayInstance.count()) === 0);
    expect(scene.world.fake.world.living()).toHaveLength(2);
    expect(await runtime().client.strayInstance.count()).toBe(0);
  });
});

describe('what was proven gone and is there again', () => {
  it('is reported, and destroyed by choice alone: nobody knows what is on it', async () => {
    await open();
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready');
    const [instance] = scene.world.fake.world.living();
    if (!instance) throw new Error('nothing was rented');
    instance.isHidden = true;
    await until(rentalId, 'ended');
    instance.isHidden = false;
    await scene.world.fake.clock.advance(5 * 60_000);
    await scene.world.rounds(3, async () => false);
    expect(await listStrays()).toMatchObject([{ serviceId: String(instance.id), choice: 'none' }]);
    expect(scene.world.fake.world.living()).toHaveLength(1);
  });
});
