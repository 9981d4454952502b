import type { DeviceProfile, DeviceView } from '../domain/device';
import { FailureError } from '../domain/failure';
import { listDevices } from '../store/device-views';
import { writeSetting } from '../store/settings-store';
import type { Transaction } from '../store/write-transaction';

/** The device of this id. Throws `not-found`. */
export async function requireDevice(transaction: Transaction, deviceId: string): Promise<DeviceView> {
  const device = (await listDevices(transaction)).find(({ id }) => id === deviceId);
  if (device) return device;
  throw new FailureError('not-found', 'There is no such device.', {
    remedy: 'It may have been removed: choose another one.',
  });
}

/** The same for one that may be changed. Throws `not-found`, `conflict`. */
export async function requireOwnDevice(transaction: Transaction, deviceId: string): Promise<DeviceView> {
  const device = await requireDevice(transaction, deviceId);
  if (!device.isBuiltIn) return device;
  throw new FailureError('conflict', `${device.name} is built in and cannot be changed.`, {
    remedy: 'Add a device of your own with the numbers that you want.',
  });
}

export async function writeOwnDevices(transaction: Transaction, devices: readonly DeviceProfile[]): Promise<void> {
  await writeSetting(transaction, 'devices', devices.length === 0 ? null : devices);
}
