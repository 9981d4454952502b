import { describe, expect, it } from 'vitest';
import { costOfTime, costOfTraffic, formatUsd, nanoUsdOf, storageNanoUsdPerHour } from '../../lib/domain/money';
import { seededRandom } from '../support/seeded-random';

describe('money', () => {
  it('takes prices as a provider writes them, to a billionth', () => {
    expect([0.14933333333333335, 0, -0.5, 1e-10, 0.1 + 0.2].map(nanoUsdOf)).toEqual([
      149_333_333, 0, -500_000_000, 0, 300_000_000,
    ]);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 9_000_000])
      expect(() => nanoUsdOf(bad)).toThrow(RangeError);
  });

  it("agrees with a provider's own sums: 10 GB of disk at 0.14933 and 0.15 dollars a month of 720 hours", () => {
    expect(storageNanoUsdPerHour(149_333_333, 10)).toBe(2_074_074);
    expect(storageNanoUsdPerHour(150_000_000, 10)).toBe(2_083_333);
  });

  it('multiplies exactly where floating point would not', () => {
    expect(costOfTime(8_999_999_999_999, 3_600_000)).toBe(8_999_999_999_999);
    expect(costOfTraffic(3_000_000, 20_000_000_000)).toBe(60_000_000);
    expect(costOfTime(1, 1_800_000)).toBe(1);
    expect(costOfTime(-1, 1_800_000)).toBe(-1);
    expect(() => costOfTime(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toThrow(RangeError);
    expect(() => costOfTime(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toThrow(RangeError);
    expect(() => costOfTime(0.5, 1)).toThrow(RangeError);
  });

  it('loses less than a billionth for each part that a time is cut into, and never turns around', () => {
    const random = seededRandom(4);
    for (let turn = 0; turn < 500; turn += 1) {
      const price = Math.floor(random() * 1e10);
      const parts = Array.from({ length: 1 + Math.floor(random() * 20) }, () => Math.floor(random() * 1e7));
      const whole = costOfTime(
        price,
        parts.reduce((sum, ms) => sum + ms, 0),
      );
      const pieces = parts.reduce((sum, ms) => sum + costOfTime(price, ms), 0);
      expect(Number.isSafeInteger(whole)).toBe(true);
      expect(Math.abs(whole - pieces)).toBeLessThanOrEqual(parts.length);
      expect(costOfTime(price + 1, 7_200_000)).toBeGreaterThan(costOfTime(price, 7_200_000));
    }
  });

  it('is written so that a small amount does not read as nothing', () => {
    expect([0, 1, 999_999, 1_000_000, 174_400_000, 994_999_999, 995_000_000, 12_304_999_999].map(formatUsd)).toEqual([
      '$0.00',
      '<$0.001',
      '<$0.001',
      '$0.001',
      '$0.174',
      '$0.995',
      '$1.00',
      '$12.30',
    ]);
    expect([-1, -20_000_000].map(formatUsd)).toEqual(['-<$0.001', '-$0.020']);
  });
});
