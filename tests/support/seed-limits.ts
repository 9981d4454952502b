import { FailureError } from '../../lib/domain/failure';
import { openClient } from '../../lib/store/client';
import { toJson } from '../../lib/store/json-column';
import { exampleSeen } from './rental-view-examples';
import { addRental, addUnsavedFile } from './seed-rentals';

const MINUTE_MS = 60_000;
const STOPPED = { actualStatus: 'exited', intendedStatus: 'stopped', currentState: 'stopped', endpoints: [] };
const REFUSED = new FailureError('rental-key-scope', 'The key may not stop instances: it lacks instance_write.');

/** Rented machines at their limits: one close to it, one that is held for a file, one that does not stop, and a month. */
export async function seedLimits(dataFolder: string): Promise<void> {
  const client = await openClient(dataFolder);
  try {
    await client.setting.create({ data: { key: 'rentalMonthNanoUsd', value: 6_000_000_000 } });
    await addRental(client, {
      id: 'near',
      name: 'phi-4 on vast.ai',
      state: 'ready',
      ageMs: 60 * MINUTE_MS,
      spentNanoUsd: 1_700_000_000,
    });
    await addRental(client, {
      id: 'held',
      name: 'mibera-v1 on vast.ai',
      state: 'stopped',
      ageMs: 90 * MINUTE_MS,
      spentNanoUsd: 2_410_000_000,
      seen: exampleSeen({ id: '4002', ...STOPPED }),
      row: { goal: 'stopped', goalBy: 'keeper' },
    });
    await addUnsavedFile(client, 'instance-held');
    await addRental(client, {
      id: 'stuck',
      name: 'smollm2 on vast.ai',
      state: 'ready',
      ageMs: 30 * MINUTE_MS,
      spentNanoUsd: 900_000_000,
      seen: exampleSeen({ id: '4003' }),
      row: {
        goal: 'stopped',
        goalAt: new Date(Date.now() - 12 * MINUTE_MS),
        requestFailure: toJson(REFUSED.failure),
      },
    });
  } finally {
    await client.$disconnect();
  }
}
