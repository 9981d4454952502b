import type { HostSample } from '../../lib/domain/sample';

/** What uPlot draws: times in seconds, then one row of values a line; null is a gap. */
export type Series = readonly [readonly number[], ...(readonly (number | null)[])[]];

export type Reading = (sample: HostSample) => number | null;

/** Samples arrive each second; thinned history is sparser, so a gap is judged by the usual distance around it. */
const GAP_FACTOR = 3.5;
const MIN_GAP_MS = 4000;

/** Appends a live sample, keeping the series sorted and bounded: beyond the limit every second of the older half goes. */
export function appendSample(samples: readonly HostSample[], sample: HostSample, limit: number): readonly HostSample[] {
  const last = samples.at(-1);
  if (last && sample.atMs <= last.atMs) return samples;
  const next = [...samples, sample];
  if (next.length <= limit) return next;
  const half = Math.floor(next.length / 2);
  return next.filter((_, index) => index >= half || index % 2 === 0);
}

/** History from the server and what came live meanwhile, in order and once each. */
export function mergeSamples(history: readonly HostSample[], live: readonly HostSample[]): readonly HostSample[] {
  const lastMs = history.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
  return [...history, ...live.filter((sample) => sample.atMs > lastMs)];
}

/** The samples as lines for a chart; where readings are missing a null breaks the line. */
export function toSeries(samples: readonly HostSample[], readings: readonly Reading[]): Series {
  const times: number[] = [];
  const rows: (number | null)[][] = readings.map(() => []);
  const usualMs = medianStep(samples);
  samples.forEach((sample, index) => {
    const previous = samples[index - 1];
    if (previous && sample.atMs - previous.atMs > Math.max(MIN_GAP_MS, usualMs * GAP_FACTOR)) {
      times.push((previous.atMs + sample.atMs) / 2000);
      for (const row of rows) row.push(null);
    }
    times.push(sample.atMs / 1000);
    readings.forEach((reading, row) => {
      rows[row]?.push(reading(sample));
    });
  });
  return [times, ...rows];
}

function medianStep(samples: readonly HostSample[]): number {
  const steps = samples.slice(1).map((sample, index) => sample.atMs - (samples[index]?.atMs ?? sample.atMs));
  return steps.sort((left, right) => left - right)[Math.floor(steps.length / 2)] ?? 1000;
}

export interface Summary {
  readonly now: number | null;
  readonly average: number | null;
  readonly highest: number | null;
}

/** The figures behind a line, for the large number beside it and for people who cannot see it. */
export function summarize(samples: readonly HostSample[], reading: Reading): Summary {
  const values = samples.map(reading).filter((value): value is number => value !== null);
  const last = samples.at(-1);
  if (values.length === 0) return { now: null, average: null, highest: null };
  const total = values.reduce((sum, value) => sum + value, 0);
  return { now: last ? reading(last) : null, average: total / values.length, highest: Math.max(...values) };
}
