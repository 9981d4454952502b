import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createId } from '../../lib/store/create-id';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { listRentalOutcomes } from '../../lib/store/rental-outcome-views';
import { runtime } from '../../lib/store/runtime';
import { openTestDatabase, type TestDatabase } from '../support/test-database';
import { addRentedJob, moveRental, putMachine } from '../support/test-rental';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureDefaultKey(() => ({ publicKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:own', privateKey: 'own' }));
});
afterAll(() => database.close());

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

async function takeTime(jobId: string, key: string, seconds: number, attempts: number): Promise<void> {
  const { client } = runtime();
  const data = { status: 'succeeded', startedAt: at(100), finishedAt: at(100 + seconds) };
  const step = await client.step.update({ where: { jobId_key: { jobId, key } }, data });
  for (let number = 1; number <= attempts; number += 1) {
    await client.attempt.create({
      data: { id: createId(), stepId: step.id, number, kind: 'remote', command: key, logStart: 0n },
    });
  }
}

describe('outcomes of rented jobs', () => {
  it('are what was measured in one go, and what was charged', async () => {
    const { jobId, rentalId } = await addRentedJob({ outputs: ['Q4_K_M', 'Q8_0'] });
    await putMachine(rentalId);
    expect(await listRentalOutcomes()).toEqual([]);
    const { client } = runtime();
    await client.rentalTry.updateMany({ data: { sentAt: at(0), reachableAt: at(60) } });
    // Found installed: no command was run.
    await takeTime(jobId, 'prepare-host', 2, 0);
    await takeTime(jobId, 'fetch-model', 30, 1);
    await takeTime(jobId, 'convert-model', 40, 2);
    await takeTime(jobId, 'quantize:Q4_K_M', 20, 1);
    await takeTime(jobId, 'quantize:Q8_0', 10, 1);
    await takeTime(jobId, 'bring-home:Q4_K_M', 5, 0);
    await client.job.update({ where: { id: jobId }, data: { status: 'succeeded' } });
    await moveRental(rentalId, 'ended', {
      endedAt: at(600),
      spentNanoUsd: 90n,
      charges: [{ totalNanoUsd: 70 }, { totalNanoUsd: 30 }],
    });
    expect(await listRentalOutcomes()).toMatchObject([
      {
        rentalId,
        jobId,
        jobName: 'tiny',
        offer: { machineId: '77' },
        times: {
          loadMs: 60_000,
          setUpMs: 2000,
          downloadMs: 30_000,
          // Run twice: nobody knows what one run takes.
          convertMs: null,
          imatrixMs: null,
          quantizeMs: 30_000,
          bringHomeMs: null,
        },
        totalMs: 600_000,
        totalNanoUsd: 100,
        isCharged: true,
      },
    ]);
  });

  it('are not of jobs that did not succeed', async () => {
    const { jobId, rentalId } = await addRentedJob();
    await putMachine(rentalId, 2);
    await runtime().client.job.update({ where: { id: jobId }, data: { status: 'failed' } });
    expect(await listRentalOutcomes()).toHaveLength(1);
  });
});
