import { describe, expect, it } from 'vitest';
import { FormError } from '../../app/_actions/form-error';
import { readRentForm } from '../../app/_actions/read-rent-form';

const GOOD = {
  checkId: 'c1',
  offerId: '77',
  outputs: 'Q4_K_M',
  mostUsd: '1.25',
  mostUsdPerHour: '0,180',
  mostHours: '1.5',
  mostTries: '3',
  countries: 'US,DE',
  leastDownBitsPerSecond: '500000000',
  afterwards: 'destroy',
};

function formOf(change: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...GOOD, ...change })) form.set(name, value);
  return form;
}

describe('readRentForm', () => {
  it('reads money as whole billionths, with a comma or a point, and time as milliseconds', () => {
    expect(readRentForm(formOf())).toEqual({
      checkId: 'c1',
      outputs: ['Q4_K_M'],
      approvesRepair: false,
      rental: {
        offerId: '77',
        mostNanoUsd: 1_250_000_000,
        mostNanoUsdPerHour: 180_000_000,
        mostMs: 5_400_000,
        mostTries: 3,
        countries: ['US', 'DE'],
        isDatacenterOnly: false,
        leastDownBitsPerSecond: 500_000_000,
        afterwards: 'destroy',
      },
    });
    const form = formOf({ isDatacenterOnly: '1', approvesRepair: '1', countries: '', offerId: '' });
    expect(readRentForm(form)).toMatchObject({
      approvesRepair: true,
      rental: { countries: [], isDatacenterOnly: true, offerId: null },
    });
  });

  it.each([
    ['mostUsd', ''],
    ['mostUsd', '0'],
    ['mostUsd', '-1'],
    ['mostUsd', '1e3'],
    ['mostUsd', 'free'],
    ['mostUsd', '99999999999'],
    ['mostUsdPerHour', '101'],
    ['mostHours', 'Infinity'],
    ['mostHours', '721'],
    ['mostTries', '1.5'],
    ['mostTries', '11'],
  ])('refuses %s "%s" beside its field', (name, value) => {
    try {
      readRentForm(formOf({ [name]: value }));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(FormError);
      expect(Object.keys((error as FormError).fields)).toEqual([name]);
    }
  });
});
