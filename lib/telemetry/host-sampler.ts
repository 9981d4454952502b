import type { HostSample } from '../domain/sample';
import { SECTION_MARK } from './host-sampler-script';
import type { ByteCounters, CpuTicks } from './proc-parsers';
import { parseReading, type Reading } from './sample-reading';

/** A reading is some 20 kB on a machine of 256 cores; more than this is not a reading, and is thrown away. */
const MAX_READING_CHARS = 1_000_000;

export interface SampleReader {
  push(chunk: Uint8Array): HostSample[];
}

/**
 * Turns the output of `hostSamplerScript`, split anywhere, into samples. Rates are differences between two readings over
 * the host's own uptime, so a slow network does not bend them; the first reading, and every counter that went back
 * (wrapped, reset, device replaced), gives null.
 *
 * @param now milliseconds since the epoch on the dashboard: the time of each sample.
 */
export function createSampleReader(now: () => number): SampleReader {
  const decoder = new TextDecoder();
  const collector = createSectionCollector();
  let previous: { reading: Reading; atMs: number } | null = null;
  let diskFreeBytes: number | null = null;
  return {
    push(chunk) {
      const samples: HostSample[] = [];
      for (const sections of collector.push(decoder.decode(chunk, { stream: true }))) {
        const current = { reading: parseReading(sections), atMs: now() };
        if (current.reading.diskFreeBytes !== undefined) diskFreeBytes = current.reading.diskFreeBytes;
        samples.push({ ...toSample(previous, current), diskFreeBytes });
        previous = current;
      }
      return samples;
    },
  };
}

function createSectionCollector(): { push(text: string): Map<string, string>[] } {
  let rest = '';
  let sections: Map<string, string> | null = null;
  let name = '';
  let size = 0;
  const readLine = (line: string): Map<string, string> | null => {
    if (!line.startsWith(SECTION_MARK)) {
      size += line.length + 1;
      if (size > MAX_READING_CHARS) sections = null;
      sections?.set(name, `${sections.get(name) ?? ''}${line}\n`);
      return null;
    }
    name = line.slice(SECTION_MARK.length);
    const done = name === 'end' ? sections : null;
    if (name === 'begin' || name === 'end') {
      sections = name === 'begin' ? new Map() : null;
      size = 0;
    } else sections?.set(name, '');
    return done;
  };
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_READING_CHARS) {
        rest = '';
        sections = null;
      }
      return lines.map(readLine).filter((reading) => reading !== null);
    },
  };
}

function toSample(
  previous: { reading: Reading; atMs: number } | null,
  current: { reading: Reading; atMs: number },
): Omit<HostSample, 'diskFreeBytes'> {
  const before = previous?.reading ?? null;
  const after = current.reading;
  const seconds = previous ? elapsedSeconds(previous, current) : null;
  const network = before && seconds ? byteRates(before.network, after.network, seconds) : null;
  const disk = before && seconds ? byteRates(before.disks, after.disks, seconds) : null;
  const quota = before && seconds ? quotaPercent(before, after, seconds) : null;
  // Under a quota the cores' own numbers are those of every tenant of the machine: leave them out.
  const corePercents = before && quota === null ? percentPerCore(before.cores, after.cores) : [];
  return {
    atMs: current.atMs,
    cpuPercent: quota ?? average(corePercents) ?? after.cpuPercent,
    corePercents,
    memoryUsedBytes: after.memory?.usedBytes ?? null,
    memoryTotalBytes: after.memory?.totalBytes ?? null,
    diskReadBytesPerSecond: disk?.inRate ?? null,
    diskWriteBytesPerSecond: disk?.outRate ?? null,
    networkReceiveBytesPerSecond: network?.inRate ?? null,
    networkSendBytesPerSecond: network?.outRate ?? null,
    gpus: after.gpus,
  };
}

/** By the host's uptime; by our clock where there is none. Null when time did not move on (a restart). */
function elapsedSeconds(
  previous: { reading: Reading; atMs: number },
  current: { reading: Reading; atMs: number },
): number | null {
  const before = previous.reading.uptimeSeconds;
  const after = current.reading.uptimeSeconds;
  const seconds = before !== null && after !== null ? after - before : (current.atMs - previous.atMs) / 1000;
  return seconds > 0.05 ? seconds : null;
}

/** Sum of the rates of all devices seen in both readings; null when there is none or any counter went back. */
function byteRates(
  before: ReadonlyMap<string, ByteCounters>,
  after: ReadonlyMap<string, ByteCounters>,
  seconds: number,
): { inRate: number; outRate: number } | null {
  let inBytes = 0;
  let outBytes = 0;
  let devices = 0;
  for (const [name, now] of after) {
    const then = before.get(name);
    if (!then) continue;
    if (now.inBytes < then.inBytes || now.outBytes < then.outBytes) return null;
    inBytes += now.inBytes - then.inBytes;
    outBytes += now.outBytes - then.outBytes;
    devices += 1;
  }
  return devices === 0 ? null : { inRate: inBytes / seconds, outRate: outBytes / seconds };
}

/** One entry for each core, in order; empty as soon as one core's counters cannot be compared. */
function percentPerCore(before: ReadonlyMap<number, CpuTicks>, after: ReadonlyMap<number, CpuTicks>): number[] {
  const percents: number[] = [];
  for (const [core, now] of after) {
    const then = before.get(core);
    if (!then) return [];
    const total = now.totalTicks - then.totalTicks;
    // Idle and iowait may go back a little on tickless kernels; that is rounding, not a reset.
    const busy = now.busyTicks - then.busyTicks;
    if (total < 0) return [];
    percents.push(total === 0 ? 0 : Math.min(100, Math.max(0, (busy / total) * 100)));
  }
  return percents;
}

/** Share of the cgroup's quota. A container's /proc/stat shows the whole machine, neighbours included. */
function quotaPercent(before: Reading, after: Reading, seconds: number): number | null {
  if (after.quotaCores === null || before.cgroupCpuUs === null || after.cgroupCpuUs === null) return null;
  if (after.quotaCores >= Math.max(1, after.cores.size) || after.cgroupCpuUs < before.cgroupCpuUs) return null;
  const usedCores = (after.cgroupCpuUs - before.cgroupCpuUs) / 1e6 / seconds;
  return Math.min(100, (usedCores / after.quotaCores) * 100);
}

function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
