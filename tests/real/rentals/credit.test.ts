import { describe, expect, it } from 'vitest';
import { runtime } from '../../../lib/store/runtime';
import { rentalScene, storedCode } from '../../support/rental-scene';

const scene = rentalScene();
const { open, read, until, orders } = scene;

describe('the credit of an account', () => {
  it('is looked at before anything is asked for, and so is its e-mail address', async () => {
    await open({ fake: { creditUsd: 0.9 } });
    const poor = await scene.world.rent();
    await until(poor.rentalId, 'ended', 80);
    expect(storedCode((await read(poor.rentalId)).failure)).toBe('rental-no-credit');
    Object.assign(scene.world.fake.world.account(), { creditUsd: 20, isEmailVerified: false });
    const unknown = await scene.world.rent();
    await until(unknown.rentalId, 'ended', 80);
    expect(storedCode((await read(unknown.rentalId)).failure)).toBe('rental-email-unverified');
    expect(orders()).toEqual([]);
  });

  it('ends a rental that the limit of a young account refuses, and says so', async () => {
    await open();
    scene.world.fake.world.account().isSpendLimited = true;
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ended', 80);
    expect(storedCode((await read(rentalId)).failure)).toBe('rental-spend-limit');
    expect(orders()).toHaveLength(1);
  });

  it('is an alarm before it is used up; a machine that was stopped for it is told as stopped, and starts again', async () => {
    await open();
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready', 80);
    const account = scene.world.fake.world.account();
    account.creditUsd = 0.02;
    expect(
      await scene.world.rounds(4, async () => storedCode((await read(rentalId)).alarm) === 'rental-credit-low'),
    ).toBe(true);
    account.creditUsd = 1e-6;
    await until(rentalId, 'stopped', 80);
    await scene.world.rounds(20, async () => false);
    const stopped = await read(rentalId);
    expect([stopped.goal, stopped.state, storedCode(stopped.alarm)]).toEqual([
      'running',
      'stopped',
      'rental-no-credit',
    ]);
    expect(stopped.events.filter(({ text }) => text.includes('does not start the machine'))).toHaveLength(1);
    account.creditUsd = 20;
    await until(rentalId, 'ready', 80);
    expect(await scene.world.rounds(5, async () => (await read(rentalId)).alarm === null)).toBe(true);
  });

  it('is read while nothing is rented too, with its age', async () => {
    await open();
    await scene.world.round();
    const watch = await runtime().client.rentalWatch.findFirst();
    expect(watch?.creditNanoUsd).toBe(20_000_000_000n);
    expect(watch?.creditAt?.getTime()).toBeGreaterThan(0);
  });
});
