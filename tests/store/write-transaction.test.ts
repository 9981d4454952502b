import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runtime } from '../../lib/store/runtime';
import { WriteQueue } from '../../lib/store/write-queue';
import { writeTransaction } from '../../lib/store/write-transaction';
import { openTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const put = (key: string) =>
  writeTransaction((transaction) => transaction.setting.create({ data: { key, value: key } }));

it.runIf(process.platform === 'linux')('opens no further files however many writes there are', async () => {
  await put('first');
  const before = readdirSync('/proc/self/fd').length;
  for (let index = 0; index < 60; index += 1) await put(`file-${index}`);
  expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 5);
});

it('takes a failed write back whole and goes on with the next, also while others read', async () => {
  const failing = writeTransaction(async (transaction) => {
    await transaction.setting.create({ data: { key: 'half', value: 1 } });
    throw new Error('changed my mind');
  });
  const reads = Array.from({ length: 20 }, () => runtime().client.setting.findUnique({ where: { key: 'half' } }));
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await Promise.all(reads)).toEqual(Array(20).fill(null));
  await put('after');
  expect(await runtime().client.setting.count({ where: { key: { in: ['half', 'after'] } } })).toBe(1);
});

it('keeps foreign keys on after a transaction that failed', async () => {
  const orphan = { id: 's', userId: 'nobody', userAgent: '', lastSeenAt: new Date(), expiresAt: new Date() };
  await expect(writeTransaction((transaction) => transaction.session.create({ data: orphan }))).rejects.toThrow();
  await expect(runtime().client.session.create({ data: orphan })).rejects.toThrow();
});

it('tries a busy database again, a bounded number of times, and nothing else', async () => {
  const queue = new WriteQueue();
  const failWith = (code: string, times: number) => {
    let calls = 0;
    const run = () =>
      queue.run(async () => {
        calls += 1;
        if (calls <= times) throw Object.assign(new Error('busy'), { code });
        return calls;
      });
    return { run, calls: () => calls };
  };
  expect(await failWith('P1008', 2).run()).toBe(3);
  const never = failWith('P1008', 99);
  await expect(never.run()).rejects.toThrow('busy');
  expect(never.calls()).toBe(4);
  const other = failWith('P2002', 1);
  await expect(other.run()).rejects.toThrow('busy');
  expect(other.calls()).toBe(1);
});
