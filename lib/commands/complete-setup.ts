import * as z from 'zod';
import { FailureError } from '../domain/failure';
import { createId } from '../store/create-id';
import { hashPassword } from '../store/password-hash';
import { openSession } from '../store/session-store';
import { isSetupDone } from '../store/session-views';
import { readSetting, writeSetting } from '../store/settings-store';
import { hashToken, isSameHash } from '../store/token-hash';
import { type Transaction, writeTransaction } from '../store/write-transaction';
import { ADMIN_NAME, newPasswordSchema, type OpenedSession, requesterSchema } from './account-rules';
import { parseInput } from './parse-input';

const inputSchema = requesterSchema.extend({ token: z.string().min(1).max(200), password: newPasswordSchema });
const storedSchema = z.object({ hash: z.string(), expiresAt: z.iso.datetime() });

/**
 * Makes the first account for whoever holds the one-time link, and logs them in. Throws `invalid-input` (a short
 * password), `forbidden` (a wrong, used or expired link), `conflict` (there is an account).
 */
export async function completeSetup(input: z.input<typeof inputSchema>): Promise<OpenedSession> {
  const { token, password, userAgent } = parseInput(inputSchema, input);
  if (await isSetupDone())
    throw new FailureError('conflict', 'Quantdeck is set up already.', { remedy: 'Log in with the password.' });
  await requireToken(token);
  const passwordHash = await hashPassword(password);
  return writeTransaction(async (transaction) => {
    const userId = await createFirstUser(transaction, passwordHash);
    await writeSetting(transaction, 'setupToken', null);
    return openSession(transaction, { userId, userAgent, at: new Date() });
  });
}

/** Makes the only account. Throws `conflict` when somebody was faster. */
export async function createFirstUser(transaction: Transaction, passwordHash: string): Promise<string> {
  if ((await transaction.user.count()) > 0)
    throw new FailureError('conflict', 'Quantdeck is set up already.', { remedy: 'Log in with the password.' });
  const id = createId();
  await transaction.user.create({ data: { id, name: ADMIN_NAME, passwordHash } });
  return id;
}

async function requireToken(token: string): Promise<void> {
  const stored = storedSchema.safeParse(await readSetting('setupToken'));
  const isRight =
    stored.success && isSameHash(stored.data.hash, hashToken(token)) && new Date(stored.data.expiresAt) > new Date();
  if (isRight) return;
  throw new FailureError('forbidden', 'This set-up link is wrong, used or expired.', {
    remedy: 'Start Quantdeck again: it prints a new link in its console.',
  });
}
