import { describe, expect, it } from 'vitest';
import { formatCount } from '../../lib/domain/count';

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1500, '1.50 k'],
    [28_576_000, '28.6 M'],
    [135_000_000, '135 M'],
    [14_659_507_200, '14.7 B'],
    [1.04e12, '1.04 T'],
  ])('%d is %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});
