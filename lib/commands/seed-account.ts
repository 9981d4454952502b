import * as z from 'zod';
import { hashPassword } from '../store/password-hash';
import { storeApiToken } from '../store/session-store';
import { isSetupDone } from '../store/session-views';
import { writeSetting } from '../store/settings-store';
import { hashToken } from '../store/token-hash';
import { writeTransaction } from '../store/write-transaction';
import { newPasswordSchema } from './account-rules';
import { createFirstUser } from './complete-setup';
import { parseInput } from './parse-input';

const inputSchema = z.object({
  /** QUANTDECK_ADMIN_PASSWORD */
  adminPassword: newPasswordSchema.nullable().default(null),
  /** QUANTDECK_API_TOKEN */
  apiToken: z
    .string()
    .min(16, 'At least 16 characters.')
    .max(512)
    .regex(/^[\x21-\x7e]+$/, 'Visible ASCII characters only.')
    .nullable()
    .default(null),
});

const SEEDED_TOKEN_NAME = 'from the environment';

/**
 * Unattended set-up: the first account and an API token from the environment. An account that exists keeps its password.
 * The token is the environment's: it replaces the one of an earlier start, and one that is no longer given is revoked.
 */
export async function seedAccount(input: z.input<typeof inputSchema>): Promise<void> {
  const { adminPassword, apiToken } = parseInput(inputSchema, input);
  if (adminPassword !== null && !(await isSetupDone())) {
    const passwordHash = await hashPassword(adminPassword);
    await writeTransaction(async (transaction) => {
      await createFirstUser(transaction, passwordHash);
      await writeSetting(transaction, 'setupToken', null);
    });
  }
  await writeTransaction(async (transaction) => {
    const tokenHash = apiToken === null ? '' : hashToken(apiToken);
    await transaction.apiToken.deleteMany({ where: { name: SEEDED_TOKEN_NAME, tokenHash: { not: tokenHash } } });
    if (apiToken === null || (await transaction.apiToken.count({ where: { tokenHash } })) > 0) return;
    await storeApiToken(transaction, { name: SEEDED_TOKEN_NAME, token: apiToken, scopes: ['read', 'write'] });
  });
}
