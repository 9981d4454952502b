import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listInstances } from '../../lib/store/instance-views';
import { findRentalSummary } from '../../lib/store/rental-views';
import { runtime } from '../../lib/store/runtime';
import { fillRentals } from '../support/seed-rentals';
import { openTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

describe('what is rented now', () => {
  it('is nothing in a database that never heard of it', async () => {
    expect(await findRentalSummary()).toMatchObject({ rentals: [], strays: [], nowNanoUsdPerHour: 0, readAt: null });
  });

  it('is all that has not ended, the strays that somebody has to look at, and the price of the whole account', async () => {
    await fillRentals(runtime().client);
    const summary = await findRentalSummary();
    expect(summary.rentals.map(({ id }) => id).sort()).toEqual(['coming', 'idle', 'unproven', 'working']);
    expect(summary.strays.map(({ serviceId }) => serviceId)).toEqual(['4100']);
    // Three of ours, two strays and one that is somebody's own at full price, and the disk of one that loads.
    expect(summary.nowNanoUsdPerHour).toBe(6 * 180_000_000 + 4_000_000);
    expect(summary.machineCount).toBe(7);
    expect(summary.failure?.code).toBe('rental-unreachable');
  });

  it('knows the machine of a rental that has just ended, and not as a stranger', async () => {
    const before = await findRentalSummary();
    await runtime().client.rental.update({ where: { id: 'working' }, data: { state: 'ended', endedAt: new Date() } });
    const after = await findRentalSummary();
    expect(after.rentals).toHaveLength(3);
    expect(after.nowNanoUsdPerHour).toBe((before.nowNanoUsdPerHour ?? 0) - 180_000_000);
  });

  it('is among the instances that jobs may use, and what was given back is not', async () => {
    const ids = (await listInstances()).map(({ id }) => id);
    expect(ids).toContain('instance-idle');
    expect(ids).not.toContain('instance-ended');
    expect(ids).not.toContain('instance-working');
  });
});
