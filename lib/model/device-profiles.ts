import type { DeviceProfile } from '../domain/device';

const GIB = 1024 ** 3;

function laptop(id: string, name: string, gib: number): DeviceProfile {
  return { id, name, memoryBytes: gib * GIB, graphicsBytes: null, isUnified: false };
}

function graphics(gib: number, memoryGib: number): DeviceProfile {
  return {
    id: `graphics-${gib}`,
    name: `PC with a ${gib} GB graphics card`,
    memoryBytes: memoryGib * GIB,
    graphicsBytes: gib * GIB,
    isUnified: false,
  };
}

function apple(gib: number): DeviceProfile {
  return {
    id: `apple-${gib}`,
    name: `Mac with Apple silicon, ${gib} GB`,
    memoryBytes: gib * GIB,
    graphicsBytes: null,
    isUnified: true,
  };
}

/** What can be chosen without describing one's own; the first is where we begin. */
export const DEVICE_PROFILES: readonly [DeviceProfile, ...DeviceProfile[]] = [
  laptop('laptop-12-i3', 'Laptop with i3-1115G4, 12 GB', 12),
  laptop('laptop-8', 'Laptop, 8 GB', 8),
  laptop('laptop-16', 'Laptop, 16 GB', 16),
  laptop('laptop-32', 'Laptop, 32 GB', 32),
  graphics(8, 16),
  graphics(12, 32),
  graphics(24, 64),
  apple(8),
  apple(16),
  apple(24),
];

/** What a device can give a model. */
export interface DeviceRoom {
  /** Where it runs at full speed, bytes. */
  readonly fullSpeedBytes: number;
  /** With what else can be used, slower, bytes. */
  readonly mostBytes: number;
}

/** A system with a browser open takes a quarter, but a small one hardly less than 2.5 GiB and a large one not more than 6. */
const SYSTEM_SHARE = 1 / 4;
const SYSTEM_LEAST_BYTES = 2.5 * GIB;
const SYSTEM_MOST_BYTES = 6 * GIB;
/** Screen and drivers. */
const GRAPHICS_RESERVE_BYTES = 0.75 * GIB;
/** macOS lets graphics use about two thirds of the memory (Metal's recommended working set). */
const UNIFIED_SHARE = 2 / 3;

/** Memory that is left for a model once the system has taken its part. */
export function roomOf(device: DeviceProfile): DeviceRoom {
  const system = Math.min(Math.max(device.memoryBytes * SYSTEM_SHARE, SYSTEM_LEAST_BYTES), SYSTEM_MOST_BYTES);
  const memory = Math.max(0, device.memoryBytes - system);
  if (device.isUnified) {
    return { fullSpeedBytes: Math.min(memory, device.memoryBytes * UNIFIED_SHARE), mostBytes: memory };
  }
  if (device.graphicsBytes === null) return { fullSpeedBytes: memory, mostBytes: memory };
  const graphicsBytes = Math.max(0, device.graphicsBytes - GRAPHICS_RESERVE_BYTES);
  return { fullSpeedBytes: graphicsBytes, mostBytes: graphicsBytes + memory };
}
