import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askRentalService } from '../../lib/commands/ask-rental-service';
import { saveRentalKey } from '../../lib/commands/save-rental-key';
import { createVastProvider } from '../../lib/hosts/vast/vast-provider';
import { type RentalDesk, startRentalDesk } from '../../lib/server/rental-desk';
import { keepRentalProvider } from '../../lib/server/rental-provider-keeper';
import { findOfferLooks, newestKeyCheck } from '../../lib/store/rental-question-views';
import { onWake, runtime } from '../../lib/store/runtime';
import { readSettings } from '../../lib/store/settings-views';
import { type FakeKeyKind, fakeKeyOf } from '../support/fake-vast/fake-accounts';
import { type FakeVast, startFakeVast } from '../support/fake-vast/fake-vast';
import { openTestDatabase, type TestDatabase } from '../support/test-database';
import { providerOn } from '../support/vast-on-fake';

let database: TestDatabase;
let fake: FakeVast;
let desk: RentalDesk | null = null;
const logger = { debug() {}, info() {}, warn() {}, error() {} };

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  fake = await startFakeVast();
});
afterEach(async () => {
  await desk?.stop();
  desk = null;
  await runtime().client.rentalQuestion.deleteMany();
  await fake.close();
});

/** The desk with a key of a kind, on the fake's clock. */
async function open(kind: FakeKeyKind | null): Promise<void> {
  const apiKey = kind === null ? 'vast-test-nobody-0123456789' : fakeKeyOf(kind);
  const provider = providerOn(fake, { apiKey });
  desk = await startRentalDesk({ openProvider: async () => provider, logger });
  onWake(() => desk?.wake());
}

async function keyCheck() {
  await askRentalService({ kind: 'key' });
  await expect.poll(async () => (await newestKeyCheck())?.finishedAt ?? null, { timeout: 10_000 }).not.toBeNull();
  return newestKeyCheck();
}

describe('the key', () => {
  it('that may do all is told with its account and its credit, and nothing was changed there', async () => {
    await open('full');
    const check = await keyCheck();
    expect(check?.failure).toBeNull();
    expect(check?.answer?.rights.map(({ state }) => state)).toEqual(Array(6).fill('works'));
    expect(check?.answer?.account?.creditNanoUsd).toBe(20_000_000_000);
    expect(check?.answer?.isReal).toBe(false);
    expect(fake.world.account().keys).toEqual([]);
    expect(fake.world.instances.size).toBe(0);
    expect(JSON.stringify(check)).not.toContain(fake.key);
    expect(fake.violations).toEqual([]);
  });

  it.each([
    ['read-only', ['user_write', 'instance_write'], 'rental-key-scope'],
    ['no-billing', ['billing_read'], 'rental-key-scope'],
    ['team', ['user_write'], 'rental-key-team'],
  ] as const)('that is %s lacks %j', async (kind, missing, code) => {
    await open(kind);
    const rights = (await keyCheck())?.answer?.rights ?? [];
    const lacking = rights.filter(({ state }) => state === 'missing');
    expect(lacking.map(({ right }) => right)).toEqual(missing);
    expect(lacking.map(({ failure }) => failure?.code)).toEqual(missing.map(() => code));
    expect(rights.filter(({ state }) => state === 'works')).toHaveLength(6 - missing.length);
  });

  it.each([
    ['two-factor', 'rental-key-two-factor'],
    ['two-factor-expired', 'rental-key-expired'],
    [null, 'rental-key-refused'],
  ] as const)('that is %s is refused as a whole', async (kind, code) => {
    await open(kind);
    const check = await keyCheck();
    expect(check?.answer).toBeNull();
    expect(check?.failure?.code).toBe(code);
    expect(check?.failure?.remedy).not.toBe('');
  });
});

describe('a look at the market', () => {
  it('brings offers priced for the disk, and a later one that fails does not make them go', async () => {
    await open('full');
    await askRentalService({ kind: 'offers', diskGb: 60 });
    await expect
      .poll(async () => (await findOfferLooks(60)).lastAnswered?.answer?.offers.length ?? 0)
      .toBeGreaterThan(20);
    expect((await findOfferLooks(61)).newest).toBeNull();
    fake.faults.set([{ kind: 'server-error' }]);
    await askRentalService({ kind: 'offers', diskGb: 60 });
    await expect
      .poll(async () => (await findOfferLooks(60)).newest?.failure?.code, { timeout: 20_000 })
      .toBe('rental-unreachable');
    expect((await findOfferLooks(60)).lastAnswered?.answer?.offers.length).toBeGreaterThan(20);
  });

  it('that was asked for twice is one, and one that a dead process left open is asked again', async () => {
    await askRentalService({ kind: 'offers', diskGb: 60 });
    await askRentalService({ kind: 'offers', diskGb: 60 });
    expect(await runtime().client.rentalQuestion.count()).toBe(1);
    await runtime().client.rentalQuestion.updateMany({ data: { status: 'running' } });
    await open('full');
    await expect.poll(async () => (await findOfferLooks(60)).lastAnswered !== null, { timeout: 10_000 }).toBe(true);
  });
});

describe('the stored key', () => {
  it('wins over the one of the environment, is never shown, and goes with all that was learned', async () => {
    const openProvider = keepRentalProvider({ vastUrl: fake.url, vastApiKey: fake.key });
    const first = await openProvider();
    expect(await openProvider()).toBe(first);
    await saveRentalKey({ vastKey: 'vast-test-read-only-0123456789' });
    expect(await openProvider()).not.toBe(first);
    expect((await readSettings()).vastKeySet).toBe(true);
    expect(JSON.stringify(await readSettings())).not.toContain('vast-test');
    expect((await newestKeyCheck())?.status).toBe('queued');
    await saveRentalKey({ vastKey: null });
    expect((await readSettings()).vastKeySet).toBe(false);
    expect(await newestKeyCheck()).toBeNull();
  });

  it('is refused with words when it cannot be one, and the missing one is a failure of its own', async () => {
    await expect(saveRentalKey({ vastKey: 'has a blank in it' })).rejects.toMatchObject({
      failure: { code: 'invalid-input' },
    });
    await expect(keepRentalProvider({ vastUrl: null, vastApiKey: null })()).rejects.toMatchObject({
      failure: { code: 'rental-key-missing' },
    });
    expect(() => createVastProvider({ apiKey: fake.key })).toThrow(/test key/);
  });
});
