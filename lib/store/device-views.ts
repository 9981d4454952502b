import * as z from 'zod';
import { type DeviceProfile, type DeviceView, deviceProfileSchema } from '../domain/device';
import { DEVICE_PROFILES } from '../model/device-profiles';
import { runtime } from './runtime';
import { readSetting, type SettingReader } from './settings-store';

/** The devices that people described, oldest first. */
export async function readOwnDevices(reader: SettingReader): Promise<DeviceProfile[]> {
  const stored = z.array(deviceProfileSchema).safeParse(await readSetting('devices', reader));
  return stored.success ? stored.data : [];
}

/** All devices that can be chosen, people's own first; exactly one is the default. */
export async function listDevices(reader: SettingReader = runtime().client): Promise<DeviceView[]> {
  const own = (await readOwnDevices(reader)).map((device) => ({ ...device, isBuiltIn: false }));
  const devices = [...own, ...DEVICE_PROFILES.map((device) => ({ ...device, isBuiltIn: true }))];
  const wanted = await readSetting('defaultDevice', reader);
  const isThere = devices.some(({ id }) => id === wanted);
  const defaultId = isThere ? wanted : DEVICE_PROFILES[0].id;
  return devices.map((device) => ({ ...device, isDefault: device.id === defaultId }));
}

/** One of them, null when there is none of this id. */
export async function findDevice(id: string): Promise<DeviceView | null> {
  return (await listDevices()).find((device) => device.id === id) ?? null;
}
