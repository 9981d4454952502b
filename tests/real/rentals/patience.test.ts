import { afterAll, beforeAll, expect, it } from 'vitest';
import { FailureError } from '../../../lib/domain/failure';
import { runtime } from '../../../lib/store/runtime';
import type { FakeScenario } from '../../support/fake-vast/fake-instance';
import { RentalWorld } from '../../support/rental-world';
import { addTestArtifact, addTestJob, openTestDatabase, type TestDatabase } from '../../support/test-database';

/*
 * How long something may go on does not depend on how often the dashboard begins anew: each of these ends at the same
 * moment with one that lives through it, with one that ends in the middle, and with one that ends after every look.
 */
const MINUTE_MS = 60_000;
/** Between two looks at a machine that is ready. */
const LOOK_MS = 30_000;
const MOST_ROUNDS = 400;

type Restarts = 'never' | 'in the middle' | 'after every look';

let database: TestDatabase;
let world: RentalWorld;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const read = (id: string) =>
  runtime().client.rental.findUniqueOrThrow({
    where: { id },
    include: { tries: { orderBy: { ordinal: 'asc' } }, events: true },
  });
type Rental = Awaited<ReturnType<typeof read>>;

async function open(): Promise<string> {
  world = await RentalWorld.open({ fake: { offerCount: 60 } });
  return (await world.rent()).rentalId;
}

/** One after the other, in a world of its own each; answers how long each took. */
async function expectSame(minutes: number, measure: (restarts: Restarts) => Promise<number>): Promise<void> {
  const tookMs: number[] = [];
  for (const restarts of ['never', 'in the middle', 'after every look'] as const) {
    try {
      tookMs.push(await measure(restarts));
    } finally {
      await world.close();
    }
    expect(world.errors).toEqual([]);
  }
  const [usualMs = 0, ...others] = tookMs;
  expect(usualMs).toBeGreaterThanOrEqual(minutes * MINUTE_MS);
  expect(usualMs).toBeLessThan((minutes + 2) * MINUTE_MS);
  for (const otherMs of others) expect(Math.abs(otherMs - usualMs), `${tookMs}`).toBeLessThanOrEqual(LOOK_MS);
}

/** Looks on until it holds; a dashboard that ends does so between two looks. Answers how long that took. */
async function lasts(
  rentalId: string,
  restarts: Restarts,
  usualMs: number,
  isOver: (rental: Rental) => boolean,
): Promise<number> {
  const { clock } = world.fake;
  const sinceMs = clock.nowMs();
  let isAnew = false;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (isOver(await read(rentalId))) return clock.nowMs() - sinceMs;
    const isInTheMiddle = restarts === 'in the middle' && !isAnew && clock.nowMs() - sinceMs >= usualMs / 2;
    if (isInTheMiddle || restarts === 'after every look') {
      isAnew = true;
      world.restart(0);
    }
    await clock.advance(Math.max(1000, await world.round()));
  }
  const { events } = await read(rentalId);
  return expect.fail(`it never ends: ${events.map(({ text }) => text).join('\n')}`);
}

async function untilReady(rentalId: string): Promise<void> {
  expect(await world.rounds(60, async () => (await read(rentalId)).state === 'ready')).toBe(true);
}

it.each([
  ['loads-forever', 12],
  ['blackholed', 2],
  ['key-never-accepted', 4],
] as const satisfies readonly (readonly [FakeScenario, number])[])(
  'a machine that is %s is given up after %i minutes, however often the dashboard ends',
  async (scenario, minutes) => {
    await expectSame(minutes, async (restarts) => {
      const rentalId = await open();
      world.fake.expect(scenario);
      await lasts(rentalId, restarts, minutes * MINUTE_MS, ({ tries }) => (tries[0]?.releasedAt ?? null) !== null);
      const [first] = (await read(rentalId)).tries;
      expect(first?.failure).toMatchObject({ code: 'rental-machine-broken' });
      return Number(first?.releasedAt) - Number(first?.thereAt);
    });
  },
);

it('a machine that was used is lost after three minutes of silence, however often the dashboard ends', async () => {
  await expectSame(3, async (restarts) => {
    const rentalId = await open();
    await untilReady(rentalId);
    world.reachFault = () => new FailureError('host-timeout', 'Silence.', { isTransient: true });
    // The lease is touched now and then: until then nobody has noticed.
    await lasts(rentalId, 'never', 0, ({ tries }) => (tries[0]?.failingSince ?? null) !== null);
    const tookMs = await lasts(rentalId, restarts, 3 * MINUTE_MS, ({ state }) => state === 'lost');
    world.reachFault = () => null;
    await untilReady(rentalId);
    expect((await read(rentalId)).tries[0]).toMatchObject({ failingSince: null, failingWith: null });
    return tookMs + LOOK_MS;
  });
});

it('at a limit files are saved for a quarter of an hour, however often the dashboard ends', async () => {
  await expectSame(15, async (restarts) => {
    const rentalId = await open();
    await untilReady(rentalId);
    const { instanceId, terms } = await read(rentalId);
    const jobId = await addTestJob(instanceId);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'canceled' } });
    await addTestArtifact(jobId);
    // Far from the fifth of the money that saving may cost: time decides.
    const { mostNanoUsd } = terms as { mostNanoUsd: number };
    await runtime().client.rental.update({ where: { id: rentalId }, data: { spentNanoUsd: BigInt(mostNanoUsd) } });
    return lasts(rentalId, restarts, 15 * MINUTE_MS, ({ goal }) => goal === 'stopped');
  });
});
