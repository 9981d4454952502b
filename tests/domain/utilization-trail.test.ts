import { describe, expect, it } from 'vitest';
import { addLook, type UtilizationLook } from '../../lib/domain/utilization-trail';
import { exampleSeen } from '../support/rental-cases';

const START_MS = Date.parse('2026-01-02T03:00:00.000Z');
const seen = exampleSeen();
const busy = { gauges: { ...seen.gauges, gpuUtilizationPercent: 7, cpuUtilizationPercent: null } };

describe('how busy a machine was', () => {
  it('is kept look by look, with its gaps', () => {
    expect(addLook([], busy, START_MS)).toEqual([{ at: '2026-01-02T03:00:00.000Z', gpuPercent: 7, cpuPercent: null }]);
  });

  it('keeps looks apart, and no more than a curve can show', () => {
    let trail: readonly UtilizationLook[] = [];
    for (let second = 0; second < 4000; second += 4) trail = addLook(trail, busy, START_MS + second * 1000);
    expect(trail).toHaveLength(180);
    const times = trail.map(({ at }) => Date.parse(at));
    expect(new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)))).toEqual(new Set([20_000]));
    expect(times.at(-1)).toBe(START_MS + 3_980_000);
    expect(addLook(trail, busy, START_MS + 3_990_000)).toBe(trail);
  });
});
