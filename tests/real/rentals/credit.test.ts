import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Failure } from '../../../lib/domain/failure';
import { runtime } from '../../../lib/store/runtime';
import { RentalWorld } from '../../support/rental-world';
import { openTestDatabase, type TestDatabase } from '../../support/test-database';

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

const read = (id: string) =>
  runtime().client.rental.findUniqueOrThrow({ where: { id }, include: { tries: true, events: true } });
const code = (value: unknown) => (value as Failure | null)?.code ?? null;
const orders = () => world.fake.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/asks/'));
async function until(id: string, state: string): Promise<void> {
  if (await world.rounds(80, async () => (await read(id)).state === state)) return;
  const { state: now, events } = await read(id);
  expect.fail(`never ${state}, but ${now}: ${events.map(({ text }) => text).join('\n')}`);
}

describe('the credit of an account', () => {
  it('is looked at before anything is asked for, and so is its e-mail address', async () => {
    world = await RentalWorld.open({ fake: { offerCount: 60, creditUsd: 0.9 } });
    const poor = await world.rent();
    await until(poor.rentalId, 'ended');
    expect(code((await read(poor.rentalId)).failure)).toBe('rental-no-credit');
    Object.assign(world.fake.world.account(), { creditUsd: 20, isEmailVerified: false });
    const unknown = await world.rent();
    await until(unknown.rentalId, 'ended');
    expect(code((await read(unknown.rentalId)).failure)).toBe('rental-email-unverified');
    expect(orders()).toEqual([]);
  });

  it('ends a rental that the limit of a young account refuses, and says so', async () => {
    world = await RentalWorld.open({ fake: { offerCount: 60 } });
    world.fake.world.account().isSpendLimited = true;
    const { rentalId } = await world.rent();
    await until(rentalId, 'ended');
    expect(code((await read(rentalId)).failure)).toBe('rental-spend-limit');
    expect(orders()).toHaveLength(1);
  });

  it('is an alarm before it is used up; a machine that was stopped for it is told as stopped, and starts again', async () => {
    world = await RentalWorld.open({ fake: { offerCount: 60 } });
    const { rentalId } = await world.rent();
    await until(rentalId, 'ready');
    const account = world.fake.world.account();
    account.creditUsd = 0.02;
    expect(await world.rounds(4, async () => code((await read(rentalId)).alarm) === 'rental-credit-low')).toBe(true);
    account.creditUsd = 1e-6;
    await until(rentalId, 'stopped');
    await world.rounds(20, async () => false);
    const stopped = await read(rentalId);
    expect([stopped.goal, stopped.state, code(stopped.alarm)]).toEqual(['running', 'stopped', 'rental-no-credit']);
    expect(stopped.events.filter(({ text }) => text.includes('does not start the machine'))).toHaveLength(1);
    account.creditUsd = 20;
    await until(rentalId, 'ready');
    expect(await world.rounds(5, async () => (await read(rentalId)).alarm === null)).toBe(true);
  });

  it('is read while nothing is rented too, with its age', async () => {
    world = await RentalWorld.open({ fake: { offerCount: 60 } });
    await world.round();
    const watch = await runtime().client.rentalWatch.findFirst();
    expect(watch?.creditNanoUsd).toBe(20_000_000_000n);
    expect(watch?.creditAt?.getTime()).toBeGreaterThan(0);
  });
});
