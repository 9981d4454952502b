import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createRentalReach, openRentedSession } from '../../../lib/server/rented-session';
import { createKeyPair } from '../../../lib/ssh/keys';
import { findEndpoint } from '../../../lib/store/instance-store';
import { findInstance } from '../../../lib/store/instance-views';
import { findRentalRecord } from '../../../lib/store/rental-records';
import { setRentalGoal } from '../../../lib/store/rental-wish-store';
import { runtime } from '../../../lib/store/runtime';
import { putSecret, secretOwner } from '../../../lib/store/secret-store';
import { writeTransaction } from '../../../lib/store/write-transaction';
import { codeOf } from '../../support/failure-of';
import { RentalWorld, type RentalWorldOptions, SSH_KEY_ID } from '../../support/rental-world';
import { openTestDatabase, type TestDatabase } from '../../support/test-database';

const assetsFolder = path.resolve('lib/ssh/host');
const key = createKeyPair('quantdeck');
let database: TestDatabase;
let world: RentalWorld;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
afterEach(() => world.close());

/** A rented machine that is a real SSH server, kept by the keeper with the product's own way to reach it. */
async function open(options: Partial<RentalWorldOptions> = {}): Promise<{ rentalId: string; instanceId: string }> {
  world = await RentalWorld.open({
    fake: { ssh: true },
    reach: createRentalReach({ assetsFolder }),
    publicKey: key.publicKey,
    ...options,
  });
  await putSecret(secretOwner.privateKey(SSH_KEY_ID), key.privateKey);
  return world.rent();
}

async function until(rentalId: string, state: string): Promise<void> {
  const isThere = async () => (await findRentalRecord(rentalId))?.state === state;
  if (await world.rounds(80, isThere)) return;
  const events = await runtime().client.rentalEvent.findMany({ where: { rentalId } });
  expect.fail(`never ${state}: ${events.map(({ text }) => text).join('\n')}`);
}

async function want(rentalId: string, goal: 'running' | 'stopped' | 'gone'): Promise<void> {
  await writeTransaction((transaction) => setRentalGoal(transaction, rentalId, goal));
}

const connect = async (instanceId: string) =>
  openRentedSession({ openProvider: async () => world.provider, assetsFolder }, await findEndpoint(instanceId));

async function say(instanceId: string, script: string): Promise<string> {
  const session = await connect(instanceId);
  try {
    return (await session.exec(script)).stdout;
  } finally {
    session.close();
  }
}

async function address(rentalId: string): Promise<string> {
  const serviceId = (await findRentalRecord(rentalId))?.tries.at(-1)?.serviceId ?? '';
  const { publicIp, hostPort } = world.fake.instance(serviceId);
  return `${publicIp}:${hostPort}`;
}

it('rents, works, stops, starts at another address, works again and is proven gone', async () => {
  const { rentalId, instanceId } = await open();
  world.fake.world.movesOnStart = true;
  world.fake.world.givesPortsAway = true;
  expect(await codeOf(connect(instanceId))).toBe('rental-not-ready');
  await until(rentalId, 'ready');
  // No tmux swallowed it, and the lease is there.
  expect(await say(instanceId, 'echo kept > ~/file; ls ~/.quantdeck/lease')).toMatch(/\/\.quantdeck\/lease\n$/);
  const isArmed = async () => (await findRentalRecord(rentalId))?.tries.at(-1)?.selfStop === 'armed';
  expect(await world.rounds(20, isArmed)).toBe(true);
  expect(await say(instanceId, 'cat ~/.quantdeck/lease')).toMatch(/^\d+\n$/);
  const before = { address: await address(rentalId), pin: (await findInstance(instanceId))?.hostKeyFingerprint };
  expect(before.pin).toMatch(/^SHA256:/);

  await want(rentalId, 'stopped');
  await until(rentalId, 'stopped');
  expect(await codeOf(connect(instanceId))).toBe('rental-not-ready');
  await want(rentalId, 'running');
  await until(rentalId, 'ready');
  expect(await address(rentalId)).not.toBe(before.address);
  expect(await say(instanceId, 'cat ~/file')).toBe('kept\n');
  expect((await findInstance(instanceId))?.hostKeyFingerprint).toBe(before.pin);

  await want(rentalId, 'gone');
  await until(rentalId, 'ended');
  expect(world.fake.world.living()).toEqual([]);
  const [last] = await runtime().client.rentalEvent.findMany({ where: { rentalId }, orderBy: { id: 'desc' }, take: 1 });
  expect(last?.text).toMatch(/^Billing ended at \d\d:\d\d UTC, proven/);
  expect(world.fake.violations).toEqual([]);
});

it("does not let itself in where another machine's key answers at our address", async () => {
  const { rentalId, instanceId } = await open();
  await until(rentalId, 'ready');
  const stranger = `SHA256:${'s'.repeat(43)}`;
  await runtime().client.instance.update({ where: { id: instanceId }, data: { hostKeyFingerprint: stranger } });
  expect(await codeOf(connect(instanceId))).toBe('host-refused');
  // The keeper does not either, and says so; the key that it knows stays.
  await until(rentalId, 'lost');
  expect((await findInstance(instanceId))?.hostKeyFingerprint).toBe(stranger);
});

it('a machine whose lease grows old stops itself, unless an attempt of ours runs', async () => {
  const { rentalId, instanceId } = await open({ deadMan: { idleSeconds: 2, everySeconds: 1 } });
  await until(rentalId, 'ready');
  const serviceId = (await findRentalRecord(rentalId))?.tries.at(-1)?.serviceId ?? '';
  const session = await connect(instanceId);
  await session.startAttempt({ attemptId: randomUUID(), script: 'sleep 6', environment: {} });
  session.close();
  await sleep(4500);
  expect(world.fake.instance(serviceId).intended).toBe('running');
  await expect.poll(() => world.fake.instance(serviceId).intended, { timeout: 10_000 }).toBe('stopped');
  // Its key was in no command line, and it stopped nothing but itself.
  const stops = world.fake.requests.filter(({ method, path: at }) => method === 'PUT' && at.endsWith(`/${serviceId}/`));
  expect(stops.map(({ status, body }) => [status, body])).toContainEqual([200, '{"state":"stopped"}']);
  // Somebody who is there again and wants it gets it back.
  await world.fake.clock.advance(10_000);
  await until(rentalId, 'starting');
  await until(rentalId, 'ready');
});
