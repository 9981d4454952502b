import { describe, expect, it } from 'vitest';
import { appendSample, mergeSamples, summarize, toSeries } from '../../app/_live/sample-series';
import type { HostSample } from '../../lib/domain/sample';

const sample = (atMs: number, cpuPercent: number | null = 10): HostSample => ({
  atMs,
  cpuPercent,
  corePercents: [],
  memoryUsedBytes: null,
  memoryTotalBytes: null,
  diskReadBytesPerSecond: null,
  diskWriteBytesPerSecond: null,
  diskFreeBytes: null,
  networkReceiveBytesPerSecond: null,
  networkSendBytesPerSecond: null,
  gpus: [],
});
const cpu = (one: HostSample) => one.cpuPercent;

describe('toSeries', () => {
  it('breaks the line where readings are missing', () => {
    const samples = [0, 1000, 2000, 30_000, 31_000].map((atMs) => sample(atMs));
    expect(toSeries(samples, [cpu])).toEqual([
      [0, 1, 2, 16, 30, 31],
      [10, 10, 10, null, 10, 10],
    ]);
  });

  it('does not take thinned history for gaps', () => {
    const samples = [0, 20_000, 40_000, 60_000].map((atMs) => sample(atMs));
    expect(toSeries(samples, [cpu])[1]).toEqual([10, 10, 10, 10]);
  });

  it('keeps an unknown reading as a gap and not as zero', () => {
    expect(toSeries([sample(0), sample(1000, null)], [cpu])[1]).toEqual([10, null]);
  });
});

describe('appendSample', () => {
  it('takes each reading once and in order', () => {
    const samples = appendSample([sample(1000)], sample(1000), 10);
    expect(samples).toHaveLength(1);
    expect(appendSample(samples, sample(500), 10)).toHaveLength(1);
  });

  it('thins the older half when there are too many and keeps the newest', () => {
    let samples: readonly HostSample[] = [];
    for (let second = 0; second < 500; second += 1) samples = appendSample(samples, sample(second * 1000), 100);
    expect(samples.length).toBeLessThanOrEqual(100);
    expect(samples.at(-1)?.atMs).toBe(499_000);
    expect(samples[0]?.atMs).toBe(0);
  });
});

describe('mergeSamples', () => {
  it('adds what came live while the history was on its way, without doubling', () => {
    const merged = mergeSamples([sample(0), sample(1000)], [sample(1000), sample(2000)]);
    expect(merged.map((one) => one.atMs)).toEqual([0, 1000, 2000]);
  });
});

describe('summarize', () => {
  it('says that the present value is unknown when the last reading is', () => {
    expect(summarize([sample(0, 20), sample(1000, 40), sample(2000, null)], cpu)).toEqual({
      now: null,
      average: 30,
      highest: 40,
    });
  });
});
