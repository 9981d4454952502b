import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cancelJob } from '../../../lib/commands/cancel-job';
import { findJob } from '../../../lib/store/job-views';
import { listRentalOutcomes } from '../../../lib/store/rental-outcome-views';
import { findRental } from '../../../lib/store/rental-views';
import { runtime } from '../../../lib/store/runtime';
import { canLimitCores, canRunContainers } from '../../support/fake-vast/fake-container';
import { rentForTinyModel } from '../../support/rent-for-tiny-model';
import { RentedDashboard } from '../../support/rented-dashboard';

let dashboard: RentedDashboard;
afterEach(() => dashboard.close());

describe.skipIf(!canRunContainers)('one button: a conversion on a rented machine', () => {
  it('rents, converts with llama.cpp, brings home, gives back, and proves that the bill has ended', async () => {
    dashboard = await RentedDashboard.open();
    // A share of a big machine, as nearly all are: what programs see there is not what they may use.
    if (canLimitCores()) dashboard.fake.world.cores = { shown: 64, quota: 1 };
    const { jobId, rentalId } = await rentForTinyModel();
    await dashboard.until(jobId, ({ status }) => status !== 'queued' && status !== 'running');
    const job = await findJob(jobId);
    expect([job?.status, job?.failure, job?.verdict]).toEqual(['succeeded', null, 'works']);
    expect(job?.artifacts.map(({ type, place, verdict }) => [type, place, verdict])).toEqual([
      ['F16', 'home', 'works'],
      ['Q4_K_M', 'home', 'works'],
    ]);
    for (const { fileName, sha256 } of job?.artifacts ?? []) {
      const bytes = await readFile(path.join(runtime().dataFolder, 'artifacts', jobId, fileName));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
    const threads = canLimitCores() ? '1' : '\\d+';
    expect(await dashboard.log(jobId, 'quantize:Q4_K_M')).toMatch(
      new RegExp(`llama-quantize.* Q4_K_M ${threads}$`, 'm'),
    );
    expect(await dashboard.log(jobId, 'verify:Q4_K_M')).toMatch(new RegExp(`llama-bench.* -t ${threads} `));
    expect(dashboard.fake.world.living()).toEqual([]);
    const rental = await findRental(rentalId);
    expect(rental).toMatchObject({ state: 'ended', failure: null, alarm: null });
    expect(rental?.money.spentNanoUsd).toBeGreaterThan(0);
    expect(await dashboard.log(jobId, 'release-host')).toMatch(/Billing ended \d\d:\d\d UTC, proven/);
    expect(await listRentalOutcomes()).toMatchObject([{ jobId, times: { convertMs: expect.any(Number) } }]);
    expect(dashboard.fake.violations).toEqual([]);
  });

  it('is followed by the next process when this one ends in the middle, on the same machine', async () => {
    dashboard = await RentedDashboard.open();
    const { jobId, rentalId } = await rentForTinyModel();
    for (const key of ['rent-host', 'convert-model', 'release-host']) {
      await dashboard.until(jobId, ({ steps }) => steps.find((step) => step.key === key)?.status === 'running');
      await dashboard.end();
      await dashboard.begin();
    }
    await dashboard.until(jobId, ({ status }) => status === 'succeeded');
    expect((await findRental(rentalId))?.tries).toHaveLength(1);
    expect(dashboard.fake.world.living()).toEqual([]);
  });

  it('gives the machine back when it is canceled while that comes', async () => {
    dashboard = await RentedDashboard.open();
    const { jobId, rentalId } = await rentForTinyModel();
    await expect.poll(() => dashboard.fake.world.living().length, { timeout: 60_000 }).toBe(1);
    await cancelJob(jobId);
    await dashboard.until(jobId, ({ status }) => status === 'canceled');
    await expect.poll(async () => (await findRental(rentalId))?.state, { timeout: 60_000 }).toBe('ended');
    expect(dashboard.fake.world.living()).toEqual([]);
  });
});
