import type { HostSample } from '../domain/sample';

/** Mean of the last samples. Null where no sample of them had the value. */
export interface HostLoad {
  readonly sampleCount: number;
  /** 0..100 of all cores together. */
  readonly cpuPercent: number | null;
  /** Cores' worth of work, e.g. 3.8; null when the cores are not told apart. */
  readonly busyCores: number | null;
  readonly coreCount: number;
  readonly diskReadRate: number | null;
  readonly diskWriteRate: number | null;
  readonly receiveRate: number | null;
  readonly sendRate: number | null;
}

/** Ten seconds: calm enough to read, short enough to follow a change of phase. */
const RECENT_SAMPLES = 10;
/** Fewer samples than this prove no idleness. */
const IDLE_NEEDS_SAMPLES = 5;
/** The sampler itself and a desktop's background noise stay below these. */
const IDLE_CORES = 0.3;
const IDLE_PERCENT_WITHOUT_CORES = 3;
const IDLE_DISK_BYTES_PER_SECOND = 512 * 1024;
const IDLE_NETWORK_BYTES_PER_SECOND = 64 * 1024;

/** Averages the newest samples (newest last). */
export function recentLoad(samples: readonly HostSample[]): HostLoad {
  const recent = samples.slice(-RECENT_SAMPLES);
  const mean = (pick: (sample: HostSample) => number | null): number | null => {
    const values = recent.map(pick).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    sampleCount: recent.length,
    cpuPercent: mean((sample) => sample.cpuPercent),
    busyCores: mean(({ corePercents }) =>
      corePercents.length === 0 ? null : corePercents.reduce((sum, percent) => sum + percent, 0) / 100,
    ),
    coreCount: recent.findLast((sample) => sample.corePercents.length > 0)?.corePercents.length ?? 0,
    diskReadRate: mean((sample) => sample.diskReadBytesPerSecond),
    diskWriteRate: mean((sample) => sample.diskWriteBytesPerSecond),
    receiveRate: mean((sample) => sample.networkReceiveBytesPerSecond),
    sendRate: mean((sample) => sample.networkSendBytesPerSecond),
  };
}

/** Whether the counters show any work. Too few samples or no CPU reading is `unknown`: unknown is not idle. */
export function activityOf(load: HostLoad): 'idle' | 'working' | 'unknown' {
  if (load.sampleCount < IDLE_NEEDS_SAMPLES || load.cpuPercent === null) return 'unknown';
  const isCpuIdle =
    load.busyCores === null ? load.cpuPercent < IDLE_PERCENT_WITHOUT_CORES : load.busyCores < IDLE_CORES;
  const disk = (load.diskReadRate ?? 0) + (load.diskWriteRate ?? 0);
  const network = (load.receiveRate ?? 0) + (load.sendRate ?? 0);
  return isCpuIdle && disk < IDLE_DISK_BYTES_PER_SECOND && network < IDLE_NETWORK_BYTES_PER_SECOND ? 'idle' : 'working';
}
