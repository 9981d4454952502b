import * as z from 'zod';
import { forgetRentalAnswers, putRentalQuestion } from '../store/rental-question-store';
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
});

/** Saves the rental service's key and has it checked, or forgets it with all that was learned with it. Throws `invalid-input`. */
export async function saveRentalKey(input: z.input<typeof inputSchema>): Promise<void> {
  const { vastKey } = parseInput(inputSchema, input);
  await writeTransaction(async (transaction) => {
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
