import { writeSetting } from '../store/settings-store';
import { writeTransaction } from '../store/write-transaction';
import { requireDevice } from './own-devices';

/** Makes a device the one that fits are judged for where no other is named. Throws `not-found`. */
export async function chooseDevice(deviceId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    await requireDevice(transaction, deviceId);
    await writeSetting(transaction, 'defaultDevice', deviceId);
  });
}
