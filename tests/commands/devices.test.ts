import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDevice } from '../../lib/commands/add-device';
import { chooseDevice } from '../../lib/commands/choose-device';
import { removeDevice } from '../../lib/commands/remove-device';
import { updateDevice } from '../../lib/commands/update-device';
import { findDevice, listDevices } from '../../lib/store/device-views';
import { openTestDatabase, type TestDatabase } from '../support/test-database';

const GIB = 1024 ** 3;
const mine = { name: ' My laptop ', memoryBytes: 24 * GIB, graphicsBytes: null };

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const defaultName = async () => (await listDevices()).filter(({ isDefault }) => isDefault).map(({ name }) => name);

describe('devices', () => {
  it('begin with the laptop of 12 GB', async () => {
    expect(await defaultName()).toEqual(['Laptop with i3-1115G4, 12 GB']);
    expect((await listDevices()).every(({ isBuiltIn }) => isBuiltIn)).toBe(true);
  });

  it('are added, chosen, changed and removed', async () => {
    const { deviceId } = await addDevice(mine);
    const other = await addDevice({ ...mine, name: 'Workstation', graphicsBytes: 24 * GIB });
    expect((await listDevices()).slice(0, 2).map(({ name }) => name)).toEqual(['My laptop', 'Workstation']);
    await chooseDevice(deviceId);
    expect(await defaultName()).toEqual(['My laptop']);
    await updateDevice(deviceId, { memoryBytes: 32 * GIB });
    expect(await findDevice(deviceId)).toEqual({
      id: deviceId,
      name: 'My laptop',
      memoryBytes: 32 * GIB,
      graphicsBytes: null,
      isUnified: false,
      isBuiltIn: false,
      isDefault: true,
    });
    await removeDevice(deviceId);
    expect(await findDevice(deviceId)).toBeNull();
    expect(await defaultName()).toEqual(['Laptop with i3-1115G4, 12 GB']);
    expect(await findDevice(other.deviceId)).not.toBeNull();
    await removeDevice(other.deviceId);
  });

  it('of ours can be chosen and no more', async () => {
    await chooseDevice('apple-16');
    expect(await defaultName()).toEqual(['Mac with Apple silicon, 16 GB']);
    await expect(updateDevice('apple-16', { name: 'x' })).rejects.toMatchObject({ failure: { code: 'conflict' } });
    await expect(removeDevice('apple-16')).rejects.toMatchObject({ failure: { code: 'conflict' } });
    await chooseDevice('laptop-12-i3');
  });

  it.each([
    [{ ...mine, name: '' }, 'name: Give it a name.'],
    [{ ...mine, name: 'x'.repeat(61) }, 'name: At most 60 characters.'],
    [{ ...mine, memoryBytes: 5 }, 'memoryBytes: At least 1 GB.'],
    [{ ...mine, graphicsBytes: 1e15 }, 'graphicsBytes: No card has as much.'],
  ])('refuse %j', async (input, words) => {
    await expect(addDevice(input)).rejects.toMatchObject({
      failure: { code: 'invalid-input', evidence: [expect.stringContaining(words)] },
    });
  });

  it('that are not there are not found', async () => {
    for (const change of [chooseDevice('nobody'), removeDevice('nobody'), updateDevice('nobody', {})])
      await expect(change).rejects.toMatchObject({ failure: { code: 'not-found' } });
  });
});
