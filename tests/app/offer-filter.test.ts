import { describe, expect, it } from 'vitest';
import { formatUsdPerHour } from '../../app/_copy/rate-words';
import { readOfferQuery } from '../../app/_rental/offer-filter';

const USUAL = { sort: 'best', datacenter: '0', line: 500 };

describe('the address of the offers page', () => {
  it('is read field by field: a box ticked twice is a list, and what is odd counts as not said', () => {
    expect(readOfferQuery({ types: ['Q4_K_M', 'F16'], country: 'de', line: '200', most: '', sort: 'cost' })).toEqual({
      ...USUAL,
      types: ['Q4_K_M', 'F16'],
      country: 'DE',
      line: 200,
      sort: 'cost',
    });
    const odd = {
      types: 'Q99',
      country: 'Germany',
      line: 'fast',
      most: '-1',
      sort: 'colour',
      __proto__: 'x',
      all: '1',
    };
    expect(readOfferQuery(odd)).toEqual(USUAL);
    expect(readOfferQuery({ constructor: 'x', toString: '1' } as unknown as Record<string, string>)).toEqual(USUAL);
  });
});

describe('a price per hour', () => {
  it.each([
    [132_400_000, '$0.13/h'],
    [1_499_000_000, '$1.50/h'],
    [43_210_000, '$0.043/h'],
    [0, '$0.00/h'],
  ])('%i is %s', (nanoUsd, words) => expect(formatUsdPerHour(nanoUsd)).toBe(words));
});
