import { nanoUsdOf } from '../../lib/domain/money';
import { refuseField } from './form-error';
import { formNumberText, formText } from './form-text';

const HOUR_MS = 3_600_000;

/** The rent dialog in the shape of what the command takes, still unchecked but for what is no number at all. */
export function readRentForm(form: FormData): unknown {
  const countries = formText(form, 'countries');
  return {
    checkId: formText(form, 'checkId'),
    outputs: form.getAll('outputs').map(String),
    approvesRepair: form.has('approvesRepair'),
    rental: {
      offerId: formText(form, 'offerId') || null,
      mostNanoUsd: amount(form, 'mostUsd', 10_000),
      mostNanoUsdPerHour: amount(form, 'mostUsdPerHour', 100),
      mostMs: Math.round(number(form, 'mostHours', 'A number of hours, at most 720.', 720) * HOUR_MS),
      mostTries: tries(form),
      countries: countries === '' ? [] : countries.split(','),
      isDatacenterOnly: form.has('isDatacenterOnly'),
      leastDownBitsPerSecond: Number(formText(form, 'leastDownBitsPerSecond')),
      afterwards: formText(form, 'afterwards'),
    },
  };
}

function tries(form: FormData): number {
  const words = 'A whole number from 1 to 10.';
  const value = number(form, 'mostTries', words, 10);
  return Number.isInteger(value) ? value : refuseField('mostTries', words);
}

function amount(form: FormData, name: string, mostUsd: number): number {
  return nanoUsdOf(number(form, name, `An amount in dollars, above nothing and at most ${mostUsd}.`, mostUsd));
}

function number(form: FormData, name: string, words: string, most: number): number {
  const text = formNumberText(form, name);
  const value = /^\d{1,9}(\.\d{0,9})?$|^\.\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0 && value <= most)) refuseField(name, words);
  return value;
}
