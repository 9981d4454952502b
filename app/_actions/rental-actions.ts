'use server';
import * as z from 'zod';
import { askRentalService } from '../../lib/commands/ask-rental-service';
import { changeRentalGoal } from '../../lib/commands/change-rental-goal';
import { chooseStray } from '../../lib/commands/choose-stray';
import { restartRental } from '../../lib/commands/restart-rental';
import { saveRentalBudget } from '../../lib/commands/save-rental-budget';
import { saveRentalKey } from '../../lib/commands/save-rental-key';
import { RENTAL_GOALS } from '../../lib/domain/rental';
import { runAction } from '../_auth/action-guard';
import type { ActionResult } from './action-result';
import { checkForm, refuseField } from './form-error';
import { formJson } from './form-json';
import { formNumberText, formSecret, formText } from './form-text';
import { readConfirmedUnsaved } from './read-confirmed-unsaved';

type Done = Readonly<Record<string, never>>;
const DONE: Done = {};

/** Stores the rental service's key and has it checked. */
export async function saveRentalKeyAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    const vastKey = formSecret(form, 'vastKey').trim();
    if (vastKey === '') refuseField('vastKey', 'Paste the key first.');
    await saveRentalKey({ vastKey, confirmedRentals: namedRentals(form) });
    return DONE;
  });
}

/** Forgets the stored key. */
export async function removeRentalKeyAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await saveRentalKey({ vastKey: null, confirmedRentals: namedRentals(form) });
    return DONE;
  });
}

/** The rented machines that a person named beside another key. */
function namedRentals(form: FormData): string[] {
  const names = z.array(z.string().max(300)).max(1000);
  if (!form.has('confirmedRentals')) return [];
  return checkForm(
    names,
    formJson(form, 'confirmedRentals', 'The list of machines did not arrive whole. Load the page again.'),
  );
}

/** Has the key checked that holds now. */
export async function checkRentalKeyAction(): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await askRentalService({ kind: 'key' });
    return DONE;
  });
}

/** Has the market looked at for a disk of a size. */
export async function lookForOffersAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    const diskGb = Number(formText(form, 'diskGb'));
    if (!Number.isInteger(diskGb) || diskGb < 8 || diskGb > 100_000)
      refuseField('diskGb', 'This is no size of a disk. Open the page again.');
    await askRentalService({ kind: 'offers', diskGb });
    return DONE;
  });
}

/** Says what is to become of a rental; files that are nowhere else have to be named before they may be lost. */
export async function setRentalGoalAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    const goal = checkForm(z.enum(RENTAL_GOALS), formText(form, 'goal'));
    const confirmedUnsaved = readConfirmedUnsaved(form);
    await changeRentalGoal(formText(form, 'rentalId'), { goal, confirmedUnsaved });
    return DONE;
  });
}

/** Has a rented machine restarted. */
export async function restartRentalAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await restartRental(formText(form, 'rentalId'));
    return DONE;
  });
}

/** Says what is to become of an instance of ours that no job knows. */
export async function chooseStrayAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    const choice = checkForm(z.enum(['destroy', 'ignore']), formText(form, 'choice'));
    await chooseStray(formText(form, 'serviceId'), { choice });
    return DONE;
  });
}

/** Limits what rented machines may cost in a month; an empty field means no limit. */
export async function saveRentalBudgetAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    const text = formNumberText(form, 'monthUsd');
    if (text !== '' && !/^\d{1,6}(\.\d{0,9})?$/.test(text))
      refuseField('monthUsd', 'An amount in dollars, or nothing for no limit.');
    await saveRentalBudget({ monthUsd: text === '' ? null : Number(text) });
    return DONE;
  });
}
