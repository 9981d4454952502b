/** One reading of a host, once a second. Null where the host has no such thing; never a made-up zero. */
export interface HostSample {
  /** Dashboard's clock, ms since the epoch. */
  readonly atMs: number;
  /** All cores together, 0..100. */
  readonly cpuPercent: number | null;
  /** Each core, 0..100. */
  readonly corePercents: readonly number[];
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly diskReadBytesPerSecond: number | null;
  readonly diskWriteBytesPerSecond: number | null;
  readonly diskFreeBytes: number | null;
  readonly networkReceiveBytesPerSecond: number | null;
  readonly networkSendBytesPerSecond: number | null;
  readonly gpus: readonly GpuSample[];
}

export interface GpuSample {
  readonly index: number;
  readonly name: string;
  readonly utilizationPercent: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly temperatureCelsius: number | null;
  readonly powerWatts: number | null;
}
