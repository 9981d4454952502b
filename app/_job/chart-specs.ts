import { formatBytes, formatSpeed } from '../../lib/domain/bytes';
import type { HostSample } from '../../lib/domain/sample';
import { type Reading, type Summary, summarize } from '../_live/sample-series';

export interface ChartLine extends Summary {
  readonly name: string;
  readonly reading: Reading;
  /** The custom property that holds its colour. */
  readonly color: '--chart-1' | '--chart-2';
}

export interface ChartSpec {
  readonly title: string;
  readonly note: string | null;
  readonly lines: readonly ChartLine[];
  readonly scale: 'percent' | 'bytes';
  /** Upper end of the axis; null grows with the data. */
  readonly max: number | null;
  readonly format: (value: number) => string;
}

const percent = (value: number) => `${Math.round(value)} %`;

/** The charts that these readings can fill: GPU charts only where there is a GPU. */
export function chartSpecs(samples: readonly HostSample[]): ChartSpec[] {
  const last = samples.at(-1);
  if (!last) return [];
  const line: LineOf = (name, color, reading) => ({ name, color, reading, ...summarize(samples, reading) });
  return [
    ...processorAndMemorySpecs(last, line),
    ...trafficSpecs(line),
    ...last.gpus.flatMap((gpu) => gpuSpecs(gpu.index, gpu.name, last.gpus.length, line, gpu.memoryTotalBytes)),
  ];
}

type LineOf = (name: string, color: ChartLine['color'], reading: Reading) => ChartLine;

function processorAndMemorySpecs(last: HostSample, line: LineOf): ChartSpec[] {
  const cores = last.corePercents.length;
  const total = last.memoryTotalBytes;
  return [
    {
      title: 'Processor',
      note: cores > 0 ? `all ${cores} cores` : null,
      lines: [line('Processor', '--chart-1', (sample) => sample.cpuPercent)],
      scale: 'percent',
      max: 100,
      format: percent,
    },
    {
      title: 'Memory',
      note: total === null ? null : `of ${formatBytes(total)}`,
      lines: [line('Memory', '--chart-1', (sample) => sample.memoryUsedBytes)],
      scale: 'bytes',
      max: total,
      format: formatBytes,
    },
  ];
}

function trafficSpecs(line: LineOf): ChartSpec[] {
  return [
    {
      title: 'Disk',
      note: null,
      lines: [
        line('Read', '--chart-1', (sample) => sample.diskReadBytesPerSecond),
        line('Write', '--chart-2', (sample) => sample.diskWriteBytesPerSecond),
      ],
      scale: 'bytes',
      max: null,
      format: formatSpeed,
    },
    {
      title: 'Network',
      note: null,
      lines: [
        line('In', '--chart-1', (sample) => sample.networkReceiveBytesPerSecond),
        line('Out', '--chart-2', (sample) => sample.networkSendBytesPerSecond),
      ],
      scale: 'bytes',
      max: null,
      format: formatSpeed,
    },
  ];
}

function gpuSpecs(
  index: number,
  name: string,
  gpuCount: number,
  line: LineOf,
  memoryTotalBytes: number | null,
): ChartSpec[] {
  const label = gpuCount > 1 ? `GPU ${index}` : 'GPU';
  const gpuOf = (sample: HostSample) => sample.gpus.find((gpu) => gpu.index === index);
  return [
    {
      title: `${label} utilization`,
      note: name,
      lines: [line(label, '--chart-1', (sample) => gpuOf(sample)?.utilizationPercent ?? null)],
      scale: 'percent',
      max: 100,
      format: percent,
    },
    {
      title: `${label} memory`,
      note: memoryTotalBytes === null ? null : `of ${formatBytes(memoryTotalBytes)}`,
      lines: [line(label, '--chart-1', (sample) => gpuOf(sample)?.memoryUsedBytes ?? null)],
      scale: 'bytes',
      max: memoryTotalBytes,
      format: formatBytes,
    },
  ];
}
