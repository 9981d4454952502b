/** A machine that somebody rents out, at the moment it was looked at. It may be gone a second later. */
export interface Offer {
  /** Of the offer; the instance that comes of it has another one. */
  readonly id: string;
  /** Several offers may be of one machine: what to avoid after a bad experience. */
  readonly machineId: string;
  readonly hostId: string | null;
  readonly gpuName: string | null;
  readonly gpuCount: number;
  /** Of one GPU, as far as programs may use it. */
  readonly gpuMemoryBytes: number;
  /** Of all GPUs together. */
  readonly gpuTeraflops: number | null;
  readonly cudaVersion: number | null;
  readonly cpuName: string | null;
  /** `amd64` or `arm64`; null when not said. */
  readonly cpuArchitecture: string | null;
  /** Our share of the machine, not the machine. */
  readonly cores: number;
  readonly cpuGhz: number | null;
  readonly hasAvx: boolean;
  /** Our share of the machine's memory. */
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Reading; writing is not said. */
  readonly diskBytesPerSecond: number | null;
  readonly downBitsPerSecond: number;
  readonly upBitsPerSecond: number;
  readonly directPortCount: number;
  readonly hasStaticIp: boolean;
  /** Without the disk. */
  readonly baseNanoUsdPerHour: number;
  readonly storageNanoUsdPerGbMonth: number;
  readonly downNanoUsdPerGb: number;
  readonly upNanoUsdPerGb: number;
  /** 0..1 */
  readonly reliability: number;
  readonly isVerified: boolean;
  readonly isDatacenter: boolean;
  readonly isRentable: boolean;
  readonly isRented: boolean;
  readonly isOnDemand: boolean;
  /** As the host wrote it: `Washington, US`. */
  readonly place: string | null;
  /** Two letters, null when not said. */
  readonly country: string | null;
  /** How long it can be had at the most; null when not said. */
  readonly availableMs: number | null;
}

const BASE_GHZ = 3;
const UNKNOWN_GHZ = 2.5;

/** How fast a core is, 1 at 3 GHz. */
export function cpuSpeedOf({ cpuGhz }: Pick<Offer, 'cpuGhz'>): number {
  return (cpuGhz || UNKNOWN_GHZ) / BASE_GHZ;
}

/**
 * What a container may use of a machine's memory: as much of it as of its cores.
 * @param machineCores null when the provider does not say; then `gpuShare` (0..1) stands in for it.
 */
export function memoryShare(
  machineBytes: number,
  cores: number,
  machineCores: number | null,
  gpuShare: number | null,
): number {
  const share = machineCores !== null && machineCores > 0 ? cores / machineCores : (gpuShare ?? 1);
  return Math.floor(machineBytes * Math.min(1, Math.max(0, share)));
}
