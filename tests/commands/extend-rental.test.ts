import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeRentalGoal } from '../../lib/commands/change-rental-goal';
import { extendRental } from '../../lib/commands/extend-rental';
import { requestBringHome } from '../../lib/commands/request-bring-home';
import { retryJob } from '../../lib/commands/retry-job';
import { saveRentalBudget } from '../../lib/commands/save-rental-budget';
import { nanoUsdOf } from '../../lib/domain/money';
import { claimBringHome } from '../../lib/store/artifact-ledger';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { findRentalMonth } from '../../lib/store/rental-month-views';
import { findRental, listRentalEvents } from '../../lib/store/rental-views';
import { runtime } from '../../lib/store/runtime';
import { addTestArtifact, openTestDatabase, type TestDatabase } from '../support/test-database';
import { addRentedJob, moveRental, putMachine, TERMS } from '../support/test-rental';

const HOUR_MS = 3_600_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureDefaultKey(() => ({ publicKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:own', privateKey: 'own' }));
});
afterAll(() => database.close());
beforeEach(async () => {
  const { client } = runtime();
  await client.job.deleteMany();
  await client.rental.deleteMany();
  await client.instance.deleteMany();
  await client.setting.deleteMany();
});

const refused = (code: string) => expect.objectContaining({ failure: expect.objectContaining({ code }) });
const termsOf = async (rentalId: string) => (await findRental(rentalId))?.terms;

/** A machine that was stopped at a limit because a file is on it alone. */
async function held(data: object) {
  const ids = await addRentedJob();
  await putMachine(ids.rentalId);
  await runtime().client.job.update({ where: { id: ids.jobId }, data: { status: 'canceled' } });
  await addTestArtifact(ids.jobId);
  await moveRental(ids.rentalId, 'stopped', { goal: 'stopped', goalBy: 'keeper', savingSince: new Date(1), ...data });
  return ids;
}
const spentUsd = (usd: number) => ({ spentNanoUsd: BigInt(nanoUsdOf(usd)) });

describe('more for a rental', () => {
  it('comes on top of what was agreed', async () => {
    const { rentalId } = await addRentedJob();
    await extendRental(rentalId, { moreNanoUsd: nanoUsdOf(0.5) });
    expect(await termsOf(rentalId)).toMatchObject({ mostNanoUsd: nanoUsdOf(1.5), mostMs: TERMS.mostMs });
    await extendRental(rentalId, { moreMs: HOUR_MS });
    expect(await termsOf(rentalId)).toMatchObject({ mostNanoUsd: nanoUsdOf(1.5), mostMs: 5 * HOUR_MS });
    expect((await findRental(rentalId))?.goal).toBe('running');
    const story = (await listRentalEvents(rentalId)).map(({ text }) => text);
    expect(story).toEqual([
      'More was allowed: $1.50 in all, until 4 hours after it was agreed.',
      'More was allowed: $1.50 in all, until 5 hours after it was agreed.',
    ]);
  });

  it('comes on top of what is spent and passed where that is more, and starts the machine for its files', async () => {
    const createdAt = new Date(Date.now() - 40 * 24 * HOUR_MS);
    const { rentalId, jobId } = await held({ ...spentUsd(1.4), createdAt, failure: { code: 'rental-budget-reached' } });
    await expect(requestBringHome(`artifact-of-${jobId}`)).rejects.toEqual(refused('conflict'));
    await extendRental(rentalId, { moreNanoUsd: nanoUsdOf(0.2), moreMs: HOUR_MS, startsAgain: true });
    const terms = await termsOf(rentalId);
    expect(terms?.mostNanoUsd).toBe(nanoUsdOf(1.6));
    expect((terms?.mostMs ?? 0) / HOUR_MS).toBeCloseTo(40 * 24 + 1, 1);
    const row = await runtime().client.rental.findUniqueOrThrow({ where: { id: rentalId } });
    expect(row).toMatchObject({ goal: 'running', goalBy: 'person', savingSince: null, failure: null });
    expect((await runtime().client.artifact.findFirst())?.bringHomeState).toBe('requested');
    // It waits for the machine to answer.
    expect(await claimBringHome()).toBeNull();
    await moveRental(rentalId, 'ready');
    expect(await claimBringHome()).toMatchObject({ jobId });
  });

  it('is refused when it is nothing, or not enough to start again', async () => {
    const { rentalId } = await held({ ...spentUsd(1.4), createdAt: new Date(Date.now() - 5 * HOUR_MS) });
    await expect(extendRental(rentalId, {})).rejects.toEqual(refused('invalid-input'));
    await expect(extendRental(rentalId, { moreNanoUsd: -1 })).rejects.toEqual(refused('invalid-input'));
    await expect(extendRental('nobody', { moreMs: 1 })).rejects.toEqual(refused('not-found'));
    const more = { moreMs: HOUR_MS, startsAgain: true };
    await expect(extendRental(rentalId, more)).rejects.toEqual(refused('rental-budget-reached'));
    expect(await termsOf(rentalId)).toMatchObject(TERMS);
    await moveRental(rentalId, 'releasing', { goal: 'gone' });
    await expect(extendRental(rentalId, { moreMs: 1 })).rejects.toEqual(refused('conflict'));
  });

  it('keeps to the limit of the month', async () => {
    const { rentalId } = await addRentedJob();
    await saveRentalBudget({ monthUsd: 1.5 });
    await expect(extendRental(rentalId, { moreNanoUsd: nanoUsdOf(0.5) })).rejects.toEqual(
      refused('rental-budget-reached'),
    );
    await extendRental(rentalId, { moreNanoUsd: nanoUsdOf(0.25) });
    expect((await findRentalMonth()).promisedNanoUsd).toBe(nanoUsdOf(1.5));
  });

  it('counts the disk of a stopped machine for the rest of the month', async () => {
    await held(spentUsd(1.2));
    const { promisedNanoUsd } = await findRentalMonth();
    expect(promisedNanoUsd).toBeGreaterThan(0);
    expect(promisedNanoUsd).toBeLessThanOrEqual(20_000_000 * 24 * 31);
  });
});

describe('a start at a limit', () => {
  it('begins saving anew where only the time is over', async () => {
    const { rentalId } = await held({ createdAt: new Date(Date.now() - 5 * HOUR_MS) });
    await changeRentalGoal(rentalId, { goal: 'running' });
    const row = await runtime().client.rental.findUniqueOrThrow({ where: { id: rentalId } });
    expect(row).toMatchObject({ goal: 'running', goalBy: 'person', savingSince: null });
  });

  it('is refused where the money is spent, as is a retry, with what to do', async () => {
    const { rentalId, jobId } = await held(spentUsd(1.2));
    await expect(changeRentalGoal(rentalId, { goal: 'running' })).rejects.toMatchObject({
      failure: { code: 'rental-budget-reached', remedy: 'Allow more money or time for it first.' },
    });
    await expect(retryJob(jobId)).rejects.toEqual(refused('rental-budget-reached'));
    expect((await findRental(rentalId))?.goal).toBe('stopped');
  });
});
