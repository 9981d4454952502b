'use server';
import { extendRental } from '../../lib/commands/extend-rental';
import { nanoUsdOf } from '../../lib/domain/money';
import { runAction } from '../_auth/action-guard';
import type { ActionResult } from './action-result';
import { refuseField } from './form-error';
import { formNumberText, formText } from './form-text';

const HOUR_MS = 3_600_000;

/** Allows a rental more money or time; an empty field allows no more of its kind. */
export async function extendRentalAction(
  _previous: unknown,
  form: FormData,
): Promise<ActionResult<Readonly<Record<string, never>>>> {
  return runAction(async () => {
    const moreUsd = amount(form, 'moreUsd', 10_000, 'An amount in dollars, at most 10000.');
    const moreHours = amount(form, 'moreHours', 720, 'A number of hours, at most 720.');
    if (moreUsd + moreHours === 0) refuseField('moreUsd', 'Allow more money, more time, or both.');
    await extendRental(formText(form, 'rentalId'), {
      moreNanoUsd: nanoUsdOf(moreUsd),
      moreMs: Math.round(moreHours * HOUR_MS),
      startsAgain: form.has('startsAgain'),
    });
    return {};
  });
}

function amount(form: FormData, name: string, most: number, words: string): number {
  const text = formNumberText(form, name);
  if (text === '') return 0;
  const value = /^\d{1,6}(\.\d{0,9})?$|^\.\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0 && value <= most)) refuseField(name, words);
  return value;
}
