import type { HostSample } from '../../lib/domain/sample';

/** Readings of a host that does the same each second: nothing, where it is not said otherwise. */
export function steadySamples(fields: Partial<HostSample>, count = 10): HostSample[] {
  return Array.from({ length: count }, (_, index) => ({
    atMs: index * 1000,
    cpuPercent: 0,
    corePercents: [],
    memoryUsedBytes: 1,
    memoryTotalBytes: 2,
    diskReadBytesPerSecond: 0,
    diskWriteBytesPerSecond: 0,
    diskFreeBytes: 1,
    networkReceiveBytesPerSecond: 0,
    networkSendBytesPerSecond: 0,
    gpus: [],
    ...fields,
  }));
}
