'use server';
import { askRentalService } from '../../lib/commands/ask-rental-service';
import { saveRentalKey } from '../../lib/commands/save-rental-key';
import { runAction } from '../_auth/action-guard';
import type { ActionResult } from './action-result';
import { refuseField } from './form-error';
import { formSecret, formText } from './form-text';

type Done = Readonly<Record<string, never>>;
const DONE: Done = {};

/** Stores the rental service's key and has it checked. */
export async function saveRentalKeyAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    const vastKey = formSecret(form, 'vastKey').trim();
    if (vastKey === '') refuseField('vastKey', 'Paste the key first.');
    await saveRentalKey({ vastKey });
    return DONE;
  });
}

/** Forgets the stored key. */
export async function removeRentalKeyAction(): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await saveRentalKey({ vastKey: null });
    return DONE;
  });
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
