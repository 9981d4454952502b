import { expect, it } from 'vitest';
import { extendRental } from '../../../lib/commands/extend-rental';
import { FailureError } from '../../../lib/domain/failure';
import { findRental } from '../../../lib/store/rental-views';
import { runtime } from '../../../lib/store/runtime';
import { rentalScene } from '../../support/rental-scene';

const MINUTE_MS = 60_000;
const scene = rentalScene();
const { openReady, goOn } = scene;

/** A rental that will be kept whether it is used or not. */
async function open(terms: object = {}): Promise<string> {
  return (await openReady({ afterwards: 'keep', ...terms })).rentalId;
}
const selfStop = async (id: string) => (await findRental(id))?.tries.at(-1)?.selfStop;
const told = async (rentalId: string) =>
  (await runtime().client.rentalEvent.findMany({ where: { rentalId }, orderBy: { id: 'asc' } }))
    .filter(({ text }) => text.includes('stop itself'))
    .map(({ level }) => level);

/** The longest that the lease was untouched since then. */
function longestGapMs(sinceMs: number): number {
  const moments = [sinceMs, ...scene.world.touches.map(({ atMs }) => atMs), scene.world.fake.clock.nowMs()];
  const later = moments.filter((atMs) => atMs >= sinceMs);
  return Math.max(...later.slice(1).map((atMs, at) => atMs - (later[at] ?? sinceMs)));
}

it('a machine that cannot stop itself is a warning, once, until it can', async () => {
  const id = await open();
  expect(await selfStop(id)).toBeNull();
  scene.world.selfStop = 'no-key';
  await goOn(10 * MINUTE_MS);
  expect(await selfStop(id)).toBe('no-key');
  expect(await told(id)).toEqual(['warning']);
  scene.world.selfStop = 'armed';
  await goOn(5 * MINUTE_MS);
  expect(await selfStop(id)).toBe('armed');
  expect(await told(id)).toEqual(['warning', 'note']);
});

it('the lease holds what is left of the agreed time, and more of it after an extension', async () => {
  const id = await open({ mostMs: 120 * MINUTE_MS });
  await goOn(5 * MINUTE_MS);
  const before = scene.world.touches.at(-1);
  expect(before?.longestSeconds).toBeGreaterThan(100 * 60);
  expect(before?.longestSeconds).toBeLessThan(180 * 60);
  await extendRental(id, { moreMs: 300 * MINUTE_MS });
  await goOn(5 * MINUTE_MS);
  const after = scene.world.touches.at(-1);
  const passedSeconds = ((after?.atMs ?? 0) - (before?.atMs ?? 0)) / 1000;
  expect(after?.longestSeconds).toBeCloseTo((before?.longestSeconds ?? 0) + 300 * 60 - passedSeconds, -1);
});

it('the lease is touched though the service answers nothing for an hour, or the key holds no more', async () => {
  const id = await open();
  const blindSinceMs = scene.world.fake.clock.nowMs();
  scene.world.fake.faults.set([{ kind: 'server-error' }]);
  await goOn(60 * MINUTE_MS);
  expect((await runtime().client.rentalWatch.findFirst())?.failure).toMatchObject({ code: 'rental-unreachable' });
  scene.world.useKey('vast-test-nobody-0123456789');
  scene.world.fake.faults.set([]);
  await goOn(60 * MINUTE_MS);
  // It would stop itself after thirty; a look at where it is now that fails may be missed in between.
  expect(longestGapMs(blindSinceMs)).toBeLessThan(10 * MINUTE_MS);
  expect((await findRental(id))?.state).toBe('ready');
});

it('an old address that does not answer while nobody can look proves nothing', async () => {
  const id = await open();
  const sinceMs = scene.world.fake.clock.nowMs();
  scene.world.fake.faults.set([{ kind: 'server-error' }]);
  scene.world.reachFault = () => new FailureError('host-refused', 'Nothing listens there.', { isTransient: true });
  await goOn(30 * MINUTE_MS);
  expect((await findRental(id))?.state).toBe('ready');
  expect(longestGapMs(sinceMs)).toBeGreaterThan(25 * MINUTE_MS);
});
