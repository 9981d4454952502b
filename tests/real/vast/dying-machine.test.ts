import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { retryJob } from '../../../lib/commands/retry-job';
import { findJob } from '../../../lib/store/job-views';
import { findRental } from '../../../lib/store/rental-views';
import { runtime, wake } from '../../../lib/store/runtime';
import { canRunContainers } from '../../support/fake-vast/fake-container';
import { rentForTinyModel } from '../../support/rent-for-tiny-model';
import { RentedDashboard } from '../../support/rented-dashboard';

/** Called before a file is opened that is about to come home. */
const coming = vi.hoisted(() => ({ home: async (_file: string): Promise<void> => undefined }));
vi.mock(import('../../../lib/store/artifact-home'), async (original) => {
  const real = await original();
  return {
    ...real,
    createArtifactHome: (folder) => {
      const home = real.createArtifactHome(folder);
      return {
        ...home,
        openPart: async (file, offset) => {
          await coming.home(file);
          return home.openPart(file, offset);
        },
      };
    },
  };
});

const LOST = {
  code: 'rental-machine-lost',
  message: 'The rented machine is gone, with all that was on it alone.',
  remedy: 'Retry the job: that rents another one on the same terms, and keeps the files that are home and proven.',
};

let dashboard: RentedDashboard;
beforeEach(async () => {
  dashboard = await RentedDashboard.open({ speed: 60 });
});
afterEach(() => dashboard.close());

/** Its host takes the machine away. It was rented long enough ago that its absence is no delay of the service's lists. */
async function takeMachineAway(rentalId: string): Promise<void> {
  const serviceId = (await findRental(rentalId))?.tries.at(-1)?.serviceId ?? '';
  const thereAt = new Date(Date.now() - 5 * 60_000);
  await runtime().client.rentalTry.update({ where: { serviceId }, data: { thereAt } });
  await dashboard.fake.takeAway(serviceId);
}

/** The keeper looks at a machine that is ready twice a minute; here it is asked to all the time. */
async function expectLost(jobId: string, rentalId: string): Promise<void> {
  await dashboard.until(jobId, ({ status }) => {
    wake();
    return status === 'failed';
  });
  expect((await findJob(jobId))?.failure).toMatchObject(LOST);
  expect(await findRental(rentalId)).toMatchObject({
    state: 'ended',
    failure: { code: 'rental-machine-lost' },
    money: { nowNanoUsdPerHour: 0 },
    endedAt: expect.any(String),
  });
  expect(dashboard.fake.world.living()).toEqual([]);
}

async function rentalOf(jobId: string): Promise<string> {
  return (await findJob(jobId))?.spec.rental?.rentalId ?? '';
}

async function untilProvenAtHome(jobId: string, wanted: string): Promise<void> {
  await dashboard.until(jobId, ({ artifacts }) =>
    artifacts.some(({ type, place, verdict }) => type === wanted && place === 'both' && verdict === 'works'),
  );
}

describe.skipIf(!canRunContainers)('a rented machine that dies under its job', () => {
  it('fails the job and ends the bill, and a retry rents anew; what came home stays, what did not is said to be lost', async () => {
    const { jobId, rentalId } = await rentForTinyModel();
    await dashboard.until(jobId, ({ steps }) => steps.find(({ key }) => key === 'convert-model')?.status === 'running');
    await takeMachineAway(rentalId);
    await expectLost(jobId, rentalId);
    expect((await findJob(jobId))?.artifacts.filter(({ place }) => place !== 'gone')).toEqual([]);

    let isTaken = false;
    coming.home = async (file) => {
      if (isTaken || !file.endsWith('Q4_K_M.gguf')) return;
      isTaken = true;
      await untilProvenAtHome(jobId, 'F16');
      await takeMachineAway(await rentalOf(jobId));
    };
    await retryJob(jobId);
    const nextId = await rentalOf(jobId);
    expect(nextId).not.toBe(rentalId);
    await expect.poll(() => isTaken, { timeout: 120_000 }).toBe(true);
    await expectLost(jobId, nextId);
    const job = await findJob(jobId);
    expect(job?.artifacts.map(({ type, place, verdict }) => [type, place, verdict])).toEqual([
      ['F16', 'home', 'works'],
      ['Q4_K_M', 'gone', 'unknown'],
    ]);
    const [home] = job?.artifacts ?? [];
    const bytes = await readFile(path.join(runtime().dataFolder, 'artifacts', jobId, home?.fileName ?? ''));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(home?.sha256);
    // What is over costs nothing more, whatever time passes.
    const { spentUsd } = dashboard.fake.world.account();
    await sleep(500);
    await dashboard.fake.world.settle();
    expect(dashboard.fake.world.account().spentUsd).toBe(spentUsd);
    expect(dashboard.fake.violations).toEqual([]);
  });
});
