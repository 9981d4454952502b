import { describe, expect, it } from 'vitest';
import { budgetTone } from '../../app/_rental/budget-tone';
import { nanoUsdOf } from '../../lib/domain/money';

describe('the colour of a budget', () => {
  it('warns from four fifths, and is bad at the budget and beyond', () => {
    const tone = (spentUsd: number, mostUsd = 2) => budgetTone(nanoUsdOf(spentUsd), nanoUsdOf(mostUsd));
    expect([0, 1.59].map((spent) => tone(spent))).toEqual(['accent', 'accent']);
    expect([1.6, 1.99].map((spent) => tone(spent))).toEqual(['warn', 'warn']);
    expect([2, 2.41].map((spent) => tone(spent))).toEqual(['bad', 'bad']);
    expect(tone(0, 0)).toBe('bad');
  });
});
