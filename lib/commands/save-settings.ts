import * as z from 'zod';
import { wake } from '../store/runtime';
import { deleteSecret, putSecret } from '../store/secret-store';
import { HUB_TOKEN_OWNER, writeSetting } from '../store/settings-store';
import { writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';

const address = z
  .url({ protocol: /^https?$/, error: 'This is not a web address (https://…).' })
  .max(500)
  .refine(
    // Runs for what is no address as well, which the rule above refuses with better words.
    (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
    'An address must not hold a password.',
  )
  .transform((text) => text.replace(/\/+$/, ''))
  .nullable();

const ADDRESS_KEYS = [
  'hfEndpoint',
  'releaseBase',
  'sourceBase',
  'pipIndexUrl',
  'pipConstraints',
  'npmRegistry',
] as const;

const inputSchema = z
  .object({
    hfEndpoint: address,
    releaseBase: address,
    sourceBase: address,
    pipIndexUrl: address,
    pipConstraints: z
      .union([address.unwrap(), z.string().regex(/^\/\S+$/)], {
        error: 'A path on the host (/…) or a web address (https://…).',
      })
      .nullable(),
    npmRegistry: address,
    /** Stored encrypted; null forgets it. */
    hfToken: z
      .string()
      .trim()
      .min(8, 'This is not a token.')
      .max(500)
      .regex(/^[\x21-\x7e]+$/, 'A token has no spaces or special characters.')
      .nullable(),
  })
  .partial();

/** Saves what is given; null goes back to the built-in value, absent stays. Throws `invalid-input`. */
export async function saveSettings(input: z.input<typeof inputSchema>): Promise<void> {
  const { hfToken, ...addresses } = parseInput(inputSchema, input);
  await writeTransaction(async (transaction) => {
    for (const key of ADDRESS_KEYS) {
      const value = addresses[key];
      if (value !== undefined) await writeSetting(transaction, key, value);
    }
    if (hfToken === null) await deleteSecret(HUB_TOKEN_OWNER, transaction);
    else if (hfToken !== undefined) await putSecret(HUB_TOKEN_OWNER, hfToken, transaction);
  });
  wake();
}
