import { describe, expect, it } from 'vitest';
import { readDeviceForm } from '../../app/_actions/read-device-form';

const GIB = 1024 ** 3;

function form(memory: string, graphics: string): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries({ name: ' Mine ', memoryBytes: memory, graphicsBytes: graphics }))
    data.set(name, value);
  return data;
}

describe('the form of a device', () => {
  it('has gigabytes as people type them; no graphics card is none or zero', () => {
    const device = { name: 'Mine', memoryBytes: 15.5 * GIB, graphicsBytes: null, isUnified: false };
    expect(readDeviceForm(form('15,5', '0'))).toEqual(device);
    expect(readDeviceForm(form('15.5', ''))).toEqual(device);
    expect(readDeviceForm(form('15.5', '8'))).toEqual({ ...device, graphicsBytes: 8 * GIB });
  });

  it.each(['much', '1e999', '16 GB'])('asks in words for a number where there is %j', (text) => {
    for (const [data, field] of [
      [form(text, '0'), 'memoryBytes'],
      [form('16', text), 'graphicsBytes'],
    ] as const)
      expect(() => readDeviceForm(data)).toThrowError(
        expect.objectContaining({ fields: { [field]: 'Type a number of gigabytes, for example 16.' } }),
      );
  });
});
