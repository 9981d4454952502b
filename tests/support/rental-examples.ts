import type { Offer } from '../../lib/domain/offer';
import { DEFAULT_CALIBRATION } from '../../lib/domain/rental-calibration';
import { estimateRental, type RentalEstimate } from '../../lib/domain/rental-estimate';
import type { RentalWork } from '../../lib/domain/rental-work';

/** An offer that suits; tests change what they are about. */
export function exampleOffer(change: Partial<Offer> = {}): Offer {
  return {
    id: '1001',
    machineId: '77',
    hostId: '9',
    gpuName: 'RTX 4090',
    gpuCount: 1,
    gpuMemoryBytes: 24_000_000_000,
    gpuTeraflops: 80,
    cudaVersion: 12.8,
    cpuName: 'AMD EPYC 7763',
    cpuArchitecture: 'amd64',
    cores: 16,
    cpuGhz: 3,
    hasAvx: true,
    memoryBytes: 64_000_000_000,
    diskBytes: 500_000_000_000,
    diskBytesPerSecond: 1_000_000_000,
    downBitsPerSecond: 800_000_000,
    upBitsPerSecond: 600_000_000,
    directPortCount: 10,
    hasStaticIp: false,
    baseNanoUsdPerHour: 180_000_000,
    storageNanoUsdPerGbMonth: 150_000_000,
    downNanoUsdPerGb: 3_000_000,
    upNanoUsdPerGb: 3_000_000,
    reliability: 0.99,
    isVerified: true,
    isDatacenter: false,
    isRentable: true,
    isRented: false,
    isOnDemand: true,
    place: 'Washington, US',
    country: 'US',
    availableMs: 30 * 86_400_000,
    ...change,
  };
}

/** The work of the story: Phi-4 as Q3_K_M and Q4_K_M. */
export function exampleWork(change: Partial<RentalWork> = {}): RentalWork {
  return {
    parameterCount: 14_660_000_000,
    sourceBytes: 29_300_000_000,
    sourceFrom: 'hub',
    baseBytes: 29_300_000_000,
    outputs: [
      { type: 'Q3_K_M', sizeBytes: 7_300_000_000 },
      { type: 'Q4_K_M', sizeBytes: 9_000_000_000 },
    ],
    broughtHomeBytes: 16_300_000_000,
    memoryBytes: 6_000_000_000,
    imatrixTokens: null,
    ...change,
  };
}

/** What the example job costs on the example machine. */
export function exampleEstimate(): RentalEstimate {
  const estimate = estimateRental(exampleOffer(), exampleWork(), DEFAULT_CALIBRATION);
  if (estimate === null) throw new Error('the example can be estimated');
  return estimate;
}
