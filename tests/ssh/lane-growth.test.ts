import { describe, expect, it } from 'vitest';
import { LaneGrowth } from '../../lib/ssh/lane-growth';

interface Path {
  /** Bytes per millisecond that so many connections bring together. */
  readonly rate: (lanes: number) => number;
  readonly totalBytes?: number;
  readonly roundTripMs?: number;
  readonly lanes?: number;
  readonly mostLanes?: number;
}

/** Runs a transfer on a made-up path, looking four times a second; answers each number of lanes that was used. */
function transfer(path: Path): { counts: number[]; best: number | null; changesMs: number[] } {
  const { totalBytes = 20e9, roundTripMs = 150, lanes = 4, mostLanes = 8 } = path;
  const growth = new LaneGrowth({ lanes, mostLanes, totalBytes, roundTripMs, nowMs: 1000 });
  const counts = [lanes];
  const changesMs: number[] = [];
  let bytes = 0;
  for (let atMs = 1000; bytes < totalBytes && atMs < 100_000; atMs += 250) {
    const wanted = growth.observe(bytes, atMs);
    if (wanted !== counts.at(-1)) {
      counts.push(wanted);
      changesMs.push(atMs - 1000);
    }
    bytes += path.rate(wanted) * 250;
  }
  return { counts, best: growth.best, changesMs };
}

describe('the number of connections of a transfer', () => {
  it('grows to eight where each connection brings its share', () => {
    const { counts, best, changesMs } = transfer({ rate: (lanes) => lanes * 9000 });
    expect([counts, best]).toEqual([[4, 6, 8], 8]);
    expect(changesMs[0]).toBeGreaterThan(2000);
    expect(changesMs[1]).toBeLessThan(10_000);
  });

  it('goes back to four where more bring nothing, and tries no further', () => {
    expect(transfer({ rate: () => 90_000 })).toMatchObject({ counts: [4, 6, 4], best: 4 });
    expect(transfer({ rate: (lanes) => 90_000 - lanes * 2000 })).toMatchObject({ counts: [4, 6, 4], best: 4 });
    expect(transfer({ rate: (lanes) => 90_000 + lanes * 300 })).toMatchObject({ counts: [4, 6, 4], best: 4 });
  });

  it('keeps six where eight bring no more', () => {
    expect(transfer({ rate: (lanes) => Math.min(lanes, 6) * 9000 })).toMatchObject({ counts: [4, 6, 8, 6], best: 6 });
  });

  it('tries nothing when the transfer ends before it could tell, and claims to know nothing', () => {
    const result = transfer({ rate: (lanes) => lanes * 9000, totalBytes: 200e6 });
    expect(result).toMatchObject({ counts: [4], best: null });
  });

  it('is left alone where one connection is fastest, or the best is known', () => {
    expect(transfer({ rate: () => 200_000, lanes: 1, mostLanes: 1, roundTripMs: 0.1 }).counts).toEqual([1]);
    expect(transfer({ rate: () => 90_000, lanes: 6, mostLanes: 6 })).toMatchObject({ counts: [6], best: 6 });
  });

  it('is not judged by the start, when connections still open and TCP finds its speed', () => {
    let calls = 0;
    const rate = (lanes: number) => {
      calls += 1;
      return calls < 8 ? 10 : lanes > 4 ? 91_000 : 90_000;
    };
    expect(transfer({ rate }).counts).toEqual([4, 6, 4]);
  });

  it('survives a transfer that stands still', () => {
    expect(transfer({ rate: () => 0 }).counts.at(-1)).toBe(4);
  });
});
