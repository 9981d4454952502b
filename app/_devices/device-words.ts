import type { DeviceProfile } from '../../lib/domain/device';

const GIB = 1024 ** 3;

/** A device's memory in one line: `12 GB memory, 8 GB graphics card`. */
export function deviceLine({ memoryBytes, graphicsBytes, isUnified }: DeviceProfile): string {
  const memory = `${gigabytes(memoryBytes)} GB memory${isUnified ? ', shared with the graphics' : ''}`;
  return graphicsBytes === null ? memory : `${memory}, ${gigabytes(graphicsBytes)} GB graphics card`;
}

/** Bytes as a number of gigabytes to type and read: whole, or with one decimal. */
export function gigabytes(bytes: number): number {
  return Math.round((bytes / GIB) * 10) / 10;
}
