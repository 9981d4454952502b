import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from '../../lib/store/client';
import { admitLogin, forgiveLogins } from '../../lib/store/login-throttle';
import { runtime, setRuntime } from '../../lib/store/runtime';
import { writeTransaction } from '../../lib/store/write-transaction';
import { openTestDatabase, type TestDatabase } from '../support/test-database';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 1);

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await runtime().client.loginFailure.deleteMany();
});

/** One try at so many milliseconds after the start. */
const attempt = (atMs: number, ...keys: string[]) => admitLogin(keys, new Date(START_MS + atMs));
const rows = () => runtime().client.loginFailure.findMany();

/** Fails so often that each next wait is over when the next try comes. */
async function failPatiently(times: number, key: string): Promise<number> {
  let atMs = 0;
  for (let index = 0; index < times; ) {
    const waitMs = await attempt(atMs, key);
    if (waitMs === 0) index += 1;
    atMs += waitMs;
  }
  return atMs;
}

/** One row for each millisecond from the start on, in the text of dates that Prisma writes; by Prisma it takes seconds. */
async function addOldFailures(count: number): Promise<void> {
  const old = Array.from({ length: count }, (_, index) => ({
    id: `row-${index}`,
    lastAt: new Date(START_MS + index).toISOString().replace('Z', '+00:00'),
  }));
  await runtime().client.$executeRaw`INSERT INTO LoginFailure (id, failures, lastAt)
    SELECT value ->> 'id', 1, value ->> 'lastAt' FROM json_each(${JSON.stringify(old)})`;
  const first = await runtime().client.loginFailure.findUniqueOrThrow({ where: { id: 'row-0' } });
  expect(first.lastAt).toEqual(new Date(START_MS));
}

describe('the login throttle', () => {
  it('gives five tries, then makes each next one wait twice as long', async () => {
    for (let index = 0; index < 5; index += 1) expect(await attempt(0, 'a', 'x')).toBe(0);
    expect(await attempt(0, 'a')).toBe(2000);
    expect(await attempt(500, 'b', 'a')).toBe(1500);
    expect(await attempt(2000, 'a')).toBe(0);
    expect(await attempt(2000, 'a')).toBe(4000);
    expect(await attempt(2000, 'b')).toBe(0);
  });

  it('never waits for more than fifteen minutes, and forgets after an hour', async () => {
    const lastMs = await failPatiently(30, 'a');
    expect(await attempt(lastMs, 'a')).toBe(15 * MINUTE_MS);
    expect(await attempt(lastMs + 61 * MINUTE_MS, 'a')).toBe(0);
    expect((await rows()).map((row) => row.failures)).toEqual([1]);
  });

  it('does not count a try that was refused: waiting is enough', async () => {
    for (let index = 0; index < 100; index += 1) await attempt(0, 'a');
    expect(await attempt(0, 'a')).toBe(2000);
  });

  it('lets no more through when they come at the same time', async () => {
    const waits = await Promise.all(Array.from({ length: 40 }, () => attempt(0, 'a')));
    expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(5);
  });

  it('still counts after a restart of the dashboard', async () => {
    for (let index = 0; index < 5; index += 1) await attempt(0, 'a');
    const { client, writes: _writes, ...options } = runtime();
    await client.$disconnect();
    setRuntime({ ...options, client: await openClient(database.dataFolder) });
    expect(await attempt(0, 'a')).toBe(2000);
  });

  it('forgives what the right password was given for, and nothing else', async () => {
    for (let index = 0; index < 5; index += 1) await attempt(0, 'a', 'b');
    await writeTransaction((transaction) => forgiveLogins(transaction, ['a']));
    expect(await attempt(0, 'a')).toBe(0);
    expect(await attempt(0, 'b')).toBe(2000);
  });

  it('locks nobody out for long when the clock was wrong', async () => {
    const yearMs = 365 * 24 * 60 * MINUTE_MS;
    for (let index = 0; index < 9; index += 1) await attempt(yearMs + index * 40_000, 'a');
    expect(await attempt(yearMs + 9 * 40_000 - 5 * MINUTE_MS, 'a')).toBeLessThanOrEqual(15 * MINUTE_MS);
    expect(await attempt(0, 'a')).toBe(0);
  });

  it('keeps a bounded number of rows, the newest, and nothing of what was typed', async () => {
    await addOldFailures(10_200);
    await attempt(20_000, 'account:my secret password');
    const kept = await rows();
    expect(kept.length).toBe(10_001);
    expect(kept.some((row) => row.id === 'row-199')).toBe(false);
    expect(kept.some((row) => row.id === 'row-200')).toBe(true);
    expect(JSON.stringify(kept)).not.toContain('secret');
  });
});
