import { type DeviceInput, deviceInputSchema } from '../domain/device';
import { FailureError } from '../domain/failure';
import { createId } from '../store/create-id';
import { readOwnDevices } from '../store/device-views';
import { writeTransaction } from '../store/write-transaction';
import { writeOwnDevices } from './own-devices';
import { parseInput } from './parse-input';

const MOST_DEVICES = 50;

/** Keeps a device that somebody described. Throws `invalid-input`, or `conflict` when there are too many. */
export async function addDevice(input: DeviceInput): Promise<{ deviceId: string }> {
  const device = parseInput(deviceInputSchema, input);
  const deviceId = createId();
  await writeTransaction(async (transaction) => {
    const devices = await readOwnDevices(transaction);
    if (devices.length >= MOST_DEVICES) {
      throw new FailureError('conflict', `There are ${devices.length} devices already.`, {
        remedy: 'Remove one that nobody uses.',
      });
    }
    await writeOwnDevices(transaction, [...devices, { id: deviceId, ...device }]);
  });
  return { deviceId };
}
