import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setRentalGoal } from '../../../lib/store/rental-wish-store';
import { runtime } from '../../../lib/store/runtime';
import { writeTransaction } from '../../../lib/store/write-transaction';
import { RentalWorld } from '../../support/rental-world';
import { openTestDatabase, type TestDatabase } from '../../support/test-database';
import { EXAMPLE_KEY } from '../../support/vast-on-fake';

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

const read = (id: string) => runtime().client.rental.findUniqueOrThrow({ where: { id }, include: { events: true } });
const keysOfAccount = () => world.fake.world.account().keys.map(({ publicKey }) => publicKey);
const until = async (id: string, state: string) =>
  expect(await world.rounds(80, async () => (await read(id)).state === state)).toBe(true);

describe('our SSH key', () => {
  it('is attached at the next knock when the first request did not pass', async () => {
    world = await RentalWorld.open({ fake: { offerCount: 60 } });
    world.fake.faults.set([{ kind: 'rate-limit-text', match: /POST .*instances\/\d+\/ssh/, times: 4 }]);
    const { rentalId } = await world.rent();
    await until(rentalId, 'ready');
    await world.rounds(6, async () => false);
    const asked = world.fake.requests.filter(
      ({ method, path }) => method === 'POST' && /instances\/\d+\/ssh/.test(path),
    );
    expect(asked.at(-1)?.status).not.toBe(429);
    expect(asked.length).toBe(5);
    const told = (await read(rentalId)).events.filter(({ text }) => text.includes('could not be attached'));
    expect(told).toHaveLength(1);
  });

  it('is taken off the account when the last rental has ended, and stays where a person put it', async () => {
    world = await RentalWorld.open({ fake: { offerCount: 60 } });
    const rentals = [await world.rent(), await world.rent()];
    for (const { rentalId } of rentals) await until(rentalId, 'ready');
    expect(keysOfAccount()).toEqual([EXAMPLE_KEY]);
    const gone = (id: string) => writeTransaction((transaction) => setRentalGoal(transaction, id, 'gone'));
    await gone(rentals[0]?.rentalId ?? '');
    await until(rentals[0]?.rentalId ?? '', 'ended');
    await world.round();
    expect(keysOfAccount()).toEqual([EXAMPLE_KEY]);
    await gone(rentals[1]?.rentalId ?? '');
    await until(rentals[1]?.rentalId ?? '', 'ended');
    expect(await world.rounds(10, async () => keysOfAccount().length === 0)).toBe(true);
    world.fake.world.account().keys.push({ id: 1, publicKey: EXAMPLE_KEY, createdAtSeconds: 0 });
    const { rentalId } = await world.rent();
    await until(rentalId, 'ready');
    await gone(rentalId);
    await until(rentalId, 'ended');
    await world.rounds(5, async () => false);
    expect(keysOfAccount()).toEqual([EXAMPLE_KEY]);
  });
});
