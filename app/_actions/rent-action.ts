'use server';
import { rentForCheck } from '../../lib/commands/rent-for-check';
import { rentedConversionSchema } from '../../lib/domain/rented-conversion';
import { runAction } from '../_auth/action-guard';
import type { ActionResult } from './action-result';
import { checkForm } from './form-error';
import { readRentForm } from './read-rent-form';

/** Rents a machine for a checked model and starts its conversion there. */
export async function rentForCheckAction(_previous: unknown, form: FormData): Promise<ActionResult<{ jobId: string }>> {
  return runAction(async () => {
    const { jobId } = await rentForCheck(checkForm(rentedConversionSchema, readRentForm(form)));
    return { jobId };
  });
}
