import type { GpuSample, HostSample } from '../domain/sample';

/** Samples come each second; more than this between two means that nobody was listening. */
const GAP_MS = 5000;

/** Averages samples in buckets of a fixed width, never across a gap. Takes samples in the order of their time. */
export class SampleThinner {
  readonly #startMs: number;
  readonly #widthMs: number;
  readonly #thinned: HostSample[] = [];
  #bucket: HostSample[] = [];

  /** @param widthMs bucket width; 0 keeps every sample as it is. */
  constructor(startMs: number, widthMs: number) {
    this.#startMs = startMs;
    this.#widthMs = widthMs;
  }

  push(sample: HostSample): void {
    const previous = this.#bucket.at(-1);
    if (previous && sample.atMs - previous.atMs > GAP_MS) {
      this.#close();
      if (this.#widthMs > 0) this.#thinned.push(emptySample((previous.atMs + sample.atMs) / 2));
    } else if (previous && this.#bucketOf(previous) !== this.#bucketOf(sample)) {
      this.#close();
    }
    this.#bucket.push(sample);
  }

  finish(): HostSample[] {
    this.#close();
    return this.#thinned;
  }

  #bucketOf({ atMs }: HostSample): number {
    return this.#widthMs === 0 ? atMs : Math.floor((atMs - this.#startMs) / this.#widthMs);
  }

  #close(): void {
    if (this.#bucket.length > 0)
      this.#thinned.push(this.#bucket.length === 1 ? (this.#bucket[0] as HostSample) : averageOf(this.#bucket));
    this.#bucket = [];
  }
}

function averageOf(samples: readonly HostSample[]): HostSample {
  const last = samples.at(-1) as HostSample;
  const mean = (read: (sample: HostSample) => number | null) => meanOf(samples.map(read));
  return {
    atMs: Math.round(((samples[0] as HostSample).atMs + last.atMs) / 2),
    cpuPercent: mean((sample) => sample.cpuPercent),
    corePercents: last.corePercents.map((_, core) => mean((sample) => sample.corePercents[core] ?? null) ?? 0),
    memoryUsedBytes: mean((sample) => sample.memoryUsedBytes),
    memoryTotalBytes: last.memoryTotalBytes,
    diskReadBytesPerSecond: mean((sample) => sample.diskReadBytesPerSecond),
    diskWriteBytesPerSecond: mean((sample) => sample.diskWriteBytesPerSecond),
    diskFreeBytes: last.diskFreeBytes,
    networkReceiveBytesPerSecond: mean((sample) => sample.networkReceiveBytesPerSecond),
    networkSendBytesPerSecond: mean((sample) => sample.networkSendBytesPerSecond),
    gpus: last.gpus.map((gpu) => averageGpu(samples, gpu)),
  };
}

function averageGpu(samples: readonly HostSample[], last: GpuSample): GpuSample {
  const mean = (read: (gpu: GpuSample) => number | null) =>
    meanOf(
      samples
        .map((sample) => sample.gpus.find(({ index }) => index === last.index))
        .map((gpu) => (gpu ? read(gpu) : null)),
    );
  return {
    ...last,
    utilizationPercent: mean((gpu) => gpu.utilizationPercent),
    memoryUsedBytes: mean((gpu) => gpu.memoryUsedBytes),
    temperatureCelsius: mean((gpu) => gpu.temperatureCelsius),
    powerWatts: mean((gpu) => gpu.powerWatts),
  };
}

/** The mean of what is there, null when nothing is. */
function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function emptySample(atMs: number): HostSample {
  return {
    atMs,
    cpuPercent: null,
    corePercents: [],
    memoryUsedBytes: null,
    memoryTotalBytes: null,
    diskReadBytesPerSecond: null,
    diskWriteBytesPerSecond: null,
    diskFreeBytes: null,
    networkReceiveBytesPerSecond: null,
    networkSendBytesPerSecond: null,
    gpus: [],
  };
}
