import * as z from 'zod';
import { nanoUsdOf } from '../domain/money';
import { wake } from '../store/runtime';
import { writeSetting } from '../store/settings-store';
import { writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';

export const rentalBudgetSchema = z.object({
  /** US dollars a calendar month; null for no limit. */
  monthUsd: z
    .number('This is not an amount of money.')
    .min(0, 'It cannot be less than nothing.')
    .max(1_000_000)
    .nullable(),
});

/** Limits what may be spent on rented machines in a month; those that run already go on. Throws `invalid-input`. */
export async function saveRentalBudget(input: z.input<typeof rentalBudgetSchema>): Promise<void> {
  const { monthUsd } = parseInput(rentalBudgetSchema, input);
  await writeTransaction((transaction) =>
    writeSetting(transaction, 'rentalMonthNanoUsd', monthUsd === null ? null : nanoUsdOf(monthUsd)),
  );
  wake();
}
