import { describe, expect, it } from 'vitest';
import { parseNvidiaSmi } from '../../lib/telemetry/nvidia-smi';

const MIB = 1024 * 1024;

describe('parseNvidiaSmi', () => {
  it('reads a full line of a current driver', () => {
    expect(parseNvidiaSmi('0, NVIDIA GeForce RTX 4090, 97, 21034, 24564, 71, 431.22\n')).toEqual([
      {
        index: 0,
        name: 'NVIDIA GeForce RTX 4090',
        utilizationPercent: 97,
        memoryUsedBytes: 21034 * MIB,
        memoryTotalBytes: 24564 * MIB,
        temperatureCelsius: 71,
        powerWatts: 431.22,
      },
    ]);
  });

  it('reads units where a driver prints them in spite of nounits', () => {
    const [gpu] = parseNvidiaSmi('0, Tesla T4, 98 %, 7234 MiB, 15360 MiB, 72, 66.85 W\r\n');
    expect(gpu).toMatchObject({
      utilizationPercent: 98,
      memoryUsedBytes: 7234 * MIB,
      temperatureCelsius: 72,
      powerWatts: 66.85,
    });
  });

  it.each([
    ['[N/A]', 'a current driver, MIG on or unified memory'],
    ['N/A', 'drivers around 440'],
    ['[Not Supported]', 'drivers before 530'],
    ['[Unknown Error]', 'a card in trouble'],
    ['[Insufficient Permissions]', 'a container without rights'],
    ['[GPU requires reset]', 'a card after a fault'],
    ['ERR!', 'a failed sensor'],
  ])('turns %s into null, never into zero (%s)', (text) => {
    const [gpu] = parseNvidiaSmi(`1, NVIDIA GB10, ${text}, ${text}, ${text}, ${text}, ${text}\n`);
    expect(gpu).toEqual({
      index: 1,
      name: 'NVIDIA GB10',
      utilizationPercent: null,
      memoryUsedBytes: null,
      memoryTotalBytes: null,
      temperatureCelsius: null,
      powerWatts: null,
    });
  });

  it('keeps the order of several cards and leaves out what the tool says instead of a reading', () => {
    const text =
      'WARNING: infoROM is corrupted at gpu 0000:01:00.0\n0, A, 1, 2, 3, 4, 5\n1, B, 1, 2, 3, 4, 5\nNo devices were found\n';
    expect(parseNvidiaSmi(text).map((gpu) => gpu.name)).toEqual(['A', 'B']);
    expect(parseNvidiaSmi("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n")).toEqual(
      [],
    );
    expect(
      parseNvidiaSmi('Unable to determine the device handle for GPU0000:01:00.0: GPU has fallen off the bus.'),
    ).toEqual([]);
  });

  it('bounds what a hostile host can send', () => {
    const lines = Array.from({ length: 500 }, (_, index) => `${index}, ${'x'.repeat(5000)}, 1, 2, 3, 4, 5`).join('\n');
    const gpus = parseNvidiaSmi(lines);
    expect(gpus.length).toBeLessThanOrEqual(64);
    expect(gpus[0]?.name.length).toBe(100);
  });
});
