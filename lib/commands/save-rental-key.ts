import * as z from 'zod';
import { FailureError } from '../domain/failure';
import { forgetRentalAnswers, putRentalQuestion } from '../store/rental-question-store';
import { listRentedNames } from '../store/rented-name-views';
import { wake } from '../store/runtime';
import { deleteSecret, putSecret } from '../store/secret-store';
import { VAST_KEY_OWNER } from '../store/settings-store';
import { writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';

const inputSchema = z.object({
  /** Stored encrypted; null forgets it. */
  vastKey: z
    .string()
    .trim()
    .min(8, 'This is too short for a key. Copy the whole of it.')
    .max(512)
    .regex(/^[\x21-\x7e]+$/, 'A key has no spaces or special characters.')
    .nullable(),
  /** Each rental whose machine the former key sees, by its name: the person says that the next one sees it too. */
  confirmedRentals: z.array(z.string().max(300)).max(1000).default([]),
});

/**
 * Saves the rental service's key and has it checked, or forgets it with all that was learned with it. Throws `invalid-input`, and
 * `conflict` while machines are rented that were not named: with the key of another account they could not be given back.
 */
export async function saveRentalKey(input: z.input<typeof inputSchema>): Promise<void> {
  const { vastKey, confirmedRentals } = parseInput(inputSchema, input);
  await writeTransaction(async (transaction) => {
    refuseUnnamed(await listRentedNames(transaction), confirmedRentals);
    await forgetRentalAnswers(transaction);
    if (vastKey === null) {
      await deleteSecret(VAST_KEY_OWNER, transaction);
      return;
    }
    await putSecret(VAST_KEY_OWNER, vastKey, transaction);
    await putRentalQuestion(transaction, 'key');
  });
  wake();
}

function refuseUnnamed(rented: readonly string[], confirmed: readonly string[]): void {
  const names = rented.filter((name) => !confirmed.includes(name));
  if (names.length === 0) return;
  throw new FailureError(
    'conflict',
    `${names.length === 1 ? 'A machine is' : `${names.length} machines are`} rented with the present key: ${names.join(', ')}.`,
    {
      remedy: 'Give them back first, or name each of them: a key of another account can neither see nor end them.',
      evidence: names,
    },
  );
}
