import { describe, expect, it } from 'vitest';
import { rentedConversionSchema } from '../../lib/domain/rented-conversion';

const RENTAL = { mostNanoUsdPerHour: 500_000_000, mostNanoUsd: 2_000_000_000, mostMs: 3_600_000 };

describe('a conversion on a machine that is rented for it', () => {
  it('needs no more than a check, the outputs and what may be paid', () => {
    const conversion = rentedConversionSchema.parse({ checkId: 'check-1', outputs: ['q4_k_m'], rental: RENTAL });
    expect(conversion).toMatchObject({ outputs: ['Q4_K_M'], baseType: 'auto', approvesRepair: false });
    // Whoever says nothing pays no longer than the job takes.
    expect(conversion.rental).toMatchObject({ offerId: null, mostTries: 3, afterwards: 'destroy' });
  });

  it.each([
    ['no limit of money', { ...RENTAL, mostNanoUsd: undefined }],
    ['no limit of time', { ...RENTAL, mostMs: undefined }],
    ['half a billionth of a dollar', { ...RENTAL, mostNanoUsd: 0.5 }],
    ['more machines than anybody wants', { ...RENTAL, mostTries: 11 }],
  ])('is refused with %s', (_title, rental) => {
    expect(rentedConversionSchema.safeParse({ checkId: 'check-1', outputs: ['F16'], rental }).success).toBe(false);
  });
});
