import { describe, expect, it } from 'vitest';
import { OWN_DEVICE_ID, ownDevice, parseDevice } from '../../app/_check/use-device';
import { DEVICE_PROFILES } from '../../lib/model/device-profiles';

describe('the device of a browser', () => {
  it('is the profile that was chosen, as it is now', () => {
    const stored = JSON.stringify({ ...DEVICE_PROFILES[2], memoryBytes: 1 });
    expect(parseDevice(stored)).toBe(DEVICE_PROFILES[2]);
  });

  it('is the one that the person described', () => {
    const device = ownDevice(24, 8);
    expect(parseDevice(JSON.stringify(device))).toEqual(device);
    expect(device).toMatchObject({ id: OWN_DEVICE_ID, memoryBytes: 24 * 1024 ** 3, graphicsBytes: 8 * 1024 ** 3 });
    expect(ownDevice(0, -3)).toMatchObject({ memoryBytes: 1024 ** 3, graphicsBytes: null });
    expect(ownDevice(Number.NaN, 1e9).graphicsBytes).toBe(2048 * 1024 ** 3);
  });

  it.each([null, '', 'null', '{', '{"id":"gone"}', '[]', '"own"'])('is nobody’s for %j', (text) => {
    expect(parseDevice(text)).toBeNull();
  });
});
