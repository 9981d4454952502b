import { describe, expect, it } from 'vitest';
import { endOfMonth, rentalMonthOf, startOfMonth } from '../../lib/domain/rental-month';
import { chargedNanoUsd, type RentalCharge } from '../../lib/domain/rented-instance';

describe('the money of a month', () => {
  it('begins at midnight UTC of the first day', () => {
    expect(startOfMonth(new Date('2026-03-01T00:00:00Z')).toISOString()).toBe('2026-03-01T00:00:00.000Z');
    expect(startOfMonth(new Date('2026-12-31T23:59:59Z')).toISOString()).toBe('2026-12-01T00:00:00.000Z');
    expect(endOfMonth(new Date('2026-12-31T23:59:59Z')).toISOString()).toBe('2027-01-01T00:00:00.000Z');
  });

  it('is what was charged, else what was reckoned, and what machines that run may still come to', () => {
    const month = rentalMonthOf([
      { hasEnded: true, spentNanoUsd: 100, chargedNanoUsd: 130, mostNanoUsd: 1000, heldNanoUsd: 7 },
      { hasEnded: true, spentNanoUsd: 50, chargedNanoUsd: null, mostNanoUsd: 1000, heldNanoUsd: 0 },
      { hasEnded: false, spentNanoUsd: 300, chargedNanoUsd: null, mostNanoUsd: 1000, heldNanoUsd: 0 },
      // It is over its limit, and the disk of the stopped machine is billed on.
      { hasEnded: false, spentNanoUsd: 1100, chargedNanoUsd: null, mostNanoUsd: 1000, heldNanoUsd: 20 },
    ]);
    expect(month).toEqual({ spentNanoUsd: 1580, promisedNanoUsd: 720 });
  });

  it('counts all charges of a rental, and knows nothing before the first was told', () => {
    const charge = (totalNanoUsd: number) => ({ totalNanoUsd }) as RentalCharge;
    expect(chargedNanoUsd([charge(70), charge(60)])).toBe(130);
    expect(chargedNanoUsd([])).toBe(0);
    expect(chargedNanoUsd(null)).toBeNull();
  });
});
