import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FailureError } from '../../../lib/domain/failure';
import { RENTAL_GOALS } from '../../../lib/domain/rental';
import { setRentalGoal } from '../../../lib/store/rental-wish-store';
import { runtime } from '../../../lib/store/runtime';
import { writeTransaction } from '../../../lib/store/write-transaction';
import { FAKE_SCENARIOS } from '../../support/fake-vast/fake-instance';
import { destroyInstance } from '../../support/fake-vast/fake-life';
import { RentalWorld } from '../../support/rental-world';
import { pickFrom, seededRandom } from '../../support/seeded-random';
import { openTestDatabase, type TestDatabase } from '../../support/test-database';

/*
 * Whatever the service, the machines and the dashboard's own end do: nothing that was rented is forgotten, and nothing is
 * rented twice. A failing seed is printed by its test's name; `npm run nightly` tries 500, from a random one on.
 */
const SEEDS = seeds();
const MOST_TRIES = 3;

/** Doubts and broken machines take an hour of the fake's time. */
const LIMIT_MS = 180_000;

/** What all seeds together went through: a property over calm lives would prove nothing. */
const tally = { machines: 0, ready: 0, deaths: 0, givenUp: 0 };

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(async () => {
  await database.close();
  if (SEEDS.length >= 20)
    expect(
      Object.values(tally).every((count) => count >= 5),
      JSON.stringify(tally),
    ).toBe(true);
});

function seeds(): number[] {
  const wanted = Number(process.env['QUANTDECK_SEEDS'] ?? 0);
  const first = wanted > 0 ? Number(process.env['QUANTDECK_FIRST_SEED'] ?? Math.floor(Math.random() * 1e9)) : 1;
  return Array.from({ length: wanted > 0 ? wanted : 20 }, (_, at) => first + at);
}

describe('rentals under faults and deaths', () => {
  it.each(SEEDS)(
    'seed %i: what was rented is given back, kept or reported, and nothing is rented twice',
    async (seed) => {
      const random = seededRandom(seed);
      const world = await RentalWorld.open({
        fake: { seed, offerCount: 60 },
        random,
        killProbability: pickFrom(random, [0, 0.003, 0.01, 0.03]),
      });
      try {
        await live(world, random, seed);
        await end(world);
      } finally {
        await world.close();
      }
    },
    LIMIT_MS,
  );
});

/** A stretch of life: people change their minds, machines break, the service fails and the dashboard dies. */
async function live(world: RentalWorld, random: () => number, seed: number): Promise<void> {
  const { fake } = world;
  fake.world.movesOnStart = random() < 0.5;
  fake.world.hasPortsById = random() < 0.5;
  fake.expect(...Array.from({ length: 6 }, () => (random() < 0.5 ? 'good' : pickFrom(random, FAKE_SCENARIOS))));
  fake.faults.storm(seed, pickFrom(random, [0, 0.02, 0.1, 0.3]));
  world.reachFault = () =>
    random() < 0.05 ? new FailureError('host-timeout', 'Silence, by chance.', { isTransient: true }) : null;
  const phases: Phases = new Map();
  const rentals: string[] = [];
  for (let count = 1 + Math.floor(random() * 2); count > 0; count -= 1) {
    rentals.push(
      (await world.rent({ mostTries: MOST_TRIES, ...(random() < 0.2 ? { mostMs: 20 * 60_000 } : {}) })).rentalId,
    );
  }
  for (let round = 0; round < 30; round += 1) {
    const pauseMs = await world.round();
    await checkAlways(world);
    await checkPatience(phases);
    if (random() < 0.15) await something(world, random, rentals);
    await fake.clock.advance(Math.max(1000, pauseMs) * (random() < 0.1 ? 10 : 1));
  }
}

async function something(world: RentalWorld, random: () => number, rentals: readonly string[]): Promise<void> {
  const { fake } = world;
  const goal = pickFrom(random, RENTAL_GOALS);
  // What is being destroyed has no more adventures: the fake would forget that it is.
  const living = fake.world.living().filter(({ isHidden, isDestroying }) => !isHidden && !isDestroying);
  const instance = living.length > 0 ? pickFrom(random, living) : null;
  if (instance === null || random() < 0.4) {
    await writeTransaction((transaction) => setRentalGoal(transaction, pickFrom(random, rentals), goal));
    return;
  }
  const happens = pickFrom(random, [
    'lost',
    'found',
    'ends',
    'taken',
    'freed',
    'destroyed',
    'traffic',
    'dearer',
  ] as const);
  if (happens === 'lost') await fake.loseHost(instance.id);
  if (happens === 'found' && instance.actual === 'offline') await fake.findHost(instance.id);
  if (happens === 'ends') await fake.endContainer(instance.id);
  if (happens === 'taken') fake.takeGpu(instance.id);
  if (happens === 'freed') await fake.freeGpu(instance.id);
  if (happens === 'destroyed') destroyInstance(fake.world, instance);
  if (happens === 'traffic') fake.addTraffic(instance.id, 5e9, 1e9);
  if (happens === 'dearer') for (const offer of fake.world.offers) offer.dph_base *= 1.5;
}

/** Calm, and the wish that all of it ends: it does, with proof. */
async function end(world: RentalWorld): Promise<void> {
  world.fake.faults.set([]);
  world.restart(0);
  world.reachFault = () => null;
  await runtime().client.rental.updateMany({ where: { state: { not: 'ended' } }, data: { goal: 'gone' } });
  const isOver = async () => {
    await checkAlways(world);
    const open = await runtime().client.rental.count({ where: { state: { not: 'ended' } } });
    return open === 0 && (await runtime().client.strayInstance.count({ where: { choice: 'destroy' } })) === 0;
  };
  if (!(await world.rounds(300, isOver))) expect.fail(`it does not end: ${await storyOf()}`);
  await world.fake.clock.advance(60_000);
  await world.round();
  const reported = new Set((await runtime().client.strayInstance.findMany()).map(({ serviceId }) => serviceId));
  const forgotten = world.fake.world.living().filter(({ id, isHidden }) => !isHidden && !reported.has(String(id)));
  expect(
    forgotten.map(({ id, label }) => `${id} ${label}`),
    world.deaths.join('\n'),
  ).toEqual([]);
  tally.machines += world.fake.world.instances.size;
  tally.ready += await runtime().client.rentalTry.count({ where: { reachableAt: { not: null } } });
  tally.givenUp += await runtime().client.avoidedMachine.count();
  tally.deaths += world.deaths.length;
  expect(world.errors).toEqual([]);
  expect(world.fake.violations).toEqual([]);
}

/** What a person reads of rentals that do not end. */
async function storyOf(): Promise<string> {
  const open = await runtime().client.rental.findMany({
    where: { state: { not: 'ended' } },
    include: { events: true, tries: true },
  });
  const lines = open.flatMap(({ goal, state, events, tries }) => [
    `${goal} ${state}`,
    ...tries.map((each) => `${each.ordinal} ${each.state} ${each.serviceId}`),
    ...events.map(({ text }) => text),
  ]);
  return lines.join('\n');
}

/** What holds at every moment. */
async function checkAlways(world: RentalWorld): Promise<void> {
  const rentals = await runtime().client.rental.findMany({ include: { tries: true } });
  const made = [...world.fake.world.instances.values()];
  for (const { tries, state } of rentals) {
    const labels = tries.map(({ label }) => label);
    for (const label of labels) {
      expect(made.filter((instance) => instance.label === label).length, `${label} was rented twice`).toBeLessThan(2);
      if (state === 'ended') expect(world.living(label), `${label} has ended and is there`).toEqual([]);
    }
    const machines = made.filter((each) => each.scenario !== 'created-stopped' && labels.includes(each.label ?? ''));
    expect(machines.length, 'more machines than agreed').toBeLessThanOrEqual(MOST_TRIES);
  }
}

/** What each machine was last seen to do, and since when. */
type Phases = Map<string, { readonly phase: string | null; readonly sinceMs: number | null }>;

/** However many processes look at a phase one after the other, it began once. */
async function checkPatience(phases: Phases): Promise<void> {
  for (const { id, phase, phaseSince } of await runtime().client.rentalTry.findMany()) {
    const sinceMs = phaseSince?.getTime() ?? null;
    const before = phases.get(id);
    if (before?.phase === phase) expect(sinceMs, `${phase} began anew`).toBe(before.sinceMs);
    phases.set(id, { phase, sinceMs });
  }
}
