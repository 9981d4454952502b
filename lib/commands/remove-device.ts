import { readOwnDevices } from '../store/device-views';
import { writeSetting } from '../store/settings-store';
import { writeTransaction } from '../store/write-transaction';
import { requireOwnDevice, writeOwnDevices } from './own-devices';

/** Forgets a device of one's own; where it was the default, that is the built-in one again. Throws `not-found`, `conflict`. */
export async function removeDevice(deviceId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    const { isDefault } = await requireOwnDevice(transaction, deviceId);
    const devices = await readOwnDevices(transaction);
    await writeOwnDevices(
      transaction,
      devices.filter(({ id }) => id !== deviceId),
    );
    if (isDefault) await writeSetting(transaction, 'defaultDevice', null);
  });
}
