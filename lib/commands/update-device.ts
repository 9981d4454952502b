import { type DeviceInput, deviceInputSchema } from '../domain/device';
import { readOwnDevices } from '../store/device-views';
import { writeTransaction } from '../store/write-transaction';
import { requireOwnDevice, writeOwnDevices } from './own-devices';
import { parseInput } from './parse-input';

type DeviceChanges = { readonly [Field in keyof DeviceInput]?: DeviceInput[Field] | undefined };

/** Changes what is given of a device of one's own. Throws `not-found`, `conflict`, `invalid-input`. */
export async function updateDevice(deviceId: string, changes: DeviceChanges): Promise<void> {
  await writeTransaction(async (transaction) => {
    const { name, memoryBytes, graphicsBytes, isUnified } = await requireOwnDevice(transaction, deviceId);
    const device = parseInput(deviceInputSchema, { name, memoryBytes, graphicsBytes, isUnified, ...changes });
    const devices = await readOwnDevices(transaction);
    await writeOwnDevices(
      transaction,
      devices.map((one) => (one.id === deviceId ? { ...device, id: one.id } : one)),
    );
  });
}
