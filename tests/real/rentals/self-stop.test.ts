import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { extendRental } from '../../../lib/commands/extend-rental';
import { FailureError } from '../../../lib/domain/failure';
import { findRental } from '../../../lib/store/rental-views';
import { runtime } from '../../../lib/store/runtime';
import { RentalWorld } from '../../support/rental-world';
import { openTestDatabase, type TestDatabase } from '../../support/test-database';

const MINUTE_MS = 60_000;
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

/** A rental that will be kept whether it is used or not. */
async function open(terms: object = {}): Promise<string> {
  world = await RentalWorld.open({ fake: { offerCount: 60 } });
  const { rentalId } = await world.rent({ afterwards: 'keep', ...terms });
  expect(await world.rounds(80, async () => (await findRental(rentalId))?.state === 'ready')).toBe(true);
  return rentalId;
}
const selfStop = async (id: string) => (await findRental(id))?.tries.at(-1)?.selfStop;
const told = async (rentalId: string) =>
  (await runtime().client.rentalEvent.findMany({ where: { rentalId }, orderBy: { id: 'asc' } }))
    .filter(({ text }) => text.includes('stop itself'))
    .map(({ level }) => level);

/** Looks on for so long. */
async function goOn(minutes: number): Promise<void> {
  const endMs = world.fake.clock.nowMs() + minutes * MINUTE_MS;
  await world.rounds(1000, async () => world.fake.clock.nowMs() >= endMs);
}

/** The longest that the lease was untouched since then. */
function longestGapMs(sinceMs: number): number {
  const moments = [sinceMs, ...world.touches.map(({ atMs }) => atMs), world.fake.clock.nowMs()];
  const later = moments.filter((atMs) => atMs >= sinceMs);
  return Math.max(...later.slice(1).map((atMs, at) => atMs - (later[at] ?? sinceMs)));
}

it('a machine that cannot stop itself is a warning, once, until it can', async () => {
  const id = await open();
  expect(await selfStop(id)).toBeNull();
  world.selfStop = 'no-key';
  await goOn(10);
  expect(await selfStop(id)).toBe('no-key');
  expect(await told(id)).toEqual(['warning']);
  world.selfStop = 'armed';
  await goOn(5);
  expect(await selfStop(id)).toBe('armed');
  expect(await told(id)).toEqual(['warning', 'note']);
});

it('the lease holds what is left of the agreed time, and more of it after an extension', async () => {
  const id = await open({ mostMs: 120 * MINUTE_MS });
  await goOn(5);
  const before = world.touches.at(-1);
  expect(before?.longestSeconds).toBeGreaterThan(100 * 60);
  expect(before?.longestSeconds).toBeLessThan(180 * 60);
  await extendRental(id, { moreMs: 300 * MINUTE_MS });
  await goOn(5);
  const after = world.touches.at(-1);
  const passedSeconds = ((after?.atMs ?? 0) - (before?.atMs ?? 0)) / 1000;
  expect(after?.longestSeconds).toBeCloseTo((before?.longestSeconds ?? 0) + 300 * 60 - passedSeconds, -1);
});

it('the lease is touched though the service answers nothing for an hour, or the key holds no more', async () => {
  const id = await open();
  const blindSinceMs = world.fake.clock.nowMs();
  world.fake.faults.set([{ kind: 'server-error' }]);
  await goOn(60);
  expect((await runtime().client.rentalWatch.findFirst())?.failure).toMatchObject({ code: 'rental-unreachable' });
  world.useKey('vast-test-nobody-0123456789');
  world.fake.faults.set([]);
  await goOn(60);
  // It would stop itself after thirty; a look at where it is now that fails may be missed in between.
  expect(longestGapMs(blindSinceMs)).toBeLessThan(10 * MINUTE_MS);
  expect((await findRental(id))?.state).toBe('ready');
});

it('an old address that does not answer while nobody can look proves nothing', async () => {
  const id = await open();
  const sinceMs = world.fake.clock.nowMs();
  world.fake.faults.set([{ kind: 'server-error' }]);
  world.reachFault = () => new FailureError('host-refused', 'Nothing listens there.', { isTransient: true });
  await goOn(30);
  expect((await findRental(id))?.state).toBe('ready');
  expect(longestGapMs(sinceMs)).toBeGreaterThan(25 * MINUTE_MS);
});
