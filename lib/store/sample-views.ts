import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HostSample } from '../domain/sample';
import { sampleFile } from './data-layout';
import { runtime } from './runtime';
import { SampleThinner } from './sample-thinner';

export interface SampleRange {
  /** Dashboard's clock, ms since the epoch; absent means from the first sample. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** About so many samples at most, 600 when absent: readings between are averaged. */
  readonly points?: number | undefined;
}

/**
 * Readings of a job's host in order, thinned to about `points`. No average reaches over a gap of more than 5 s; where
 * thinning would hide a gap, a sample of nulls stands in it. A line that a crash cut off is passed over.
 */
export async function listSamples(jobId: string, range: SampleRange = {}): Promise<HostSample[]> {
  const file = sampleFile(runtime().dataFolder, jobId);
  const fromMs = range.fromMs ?? Number.NEGATIVE_INFINITY;
  const toMs = range.toMs ?? Number.POSITIVE_INFINITY;
  const points = Math.min(5000, Math.max(10, range.points ?? 600));
  const isWanted = (sample: HostSample) => sample.atMs >= fromMs && sample.atMs <= toMs;
  let count = 0;
  let firstMs = 0;
  let lastMs = 0;
  for await (const sample of readSamples(file)) {
    if (!isWanted(sample)) continue;
    if (count === 0) firstMs = sample.atMs;
    lastMs = sample.atMs;
    count += 1;
  }
  if (count === 0) return [];
  const thinner = new SampleThinner(firstMs, count <= points ? 0 : (lastMs - firstMs) / points);
  for await (const sample of readSamples(file)) if (isWanted(sample)) thinner.push(sample);
  return thinner.finish();
}

/** Streams, because a day of a host with many cores is a hundred megabytes. */
async function* readSamples(file: string): AsyncGenerator<HostSample> {
  const stream = createReadStream(file, 'utf8');
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      const sample = parseSample(line);
      if (sample) yield sample;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    stream.destroy();
  }
}

/** Null for a line that a crash left unfinished. */
function parseSample(line: string): HostSample | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'atMs' in value ? (value as HostSample) : null;
  } catch {
    return null;
  }
}
