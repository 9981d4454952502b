import { isSetupDone } from '../store/session-views';
import { writeSetting } from '../store/settings-store';
import { hashToken, randomToken } from '../store/token-hash';
import { writeTransaction } from '../store/write-transaction';

/** Long enough to find the console, short enough that a forgotten link opens nothing. */
const VALID_MS = 60 * 60_000;

/**
 * Makes the one-time token of the first account, for the link that the server prints; an earlier one is void. Null when
 * there is an account already. The database keeps its hash alone.
 */
export async function armSetup(validMs: number = VALID_MS): Promise<{ token: string; expiresAt: Date } | null> {
  if (await isSetupDone()) return null;
  const token = randomToken();
  const expiresAt = new Date(Date.now() + validMs);
  await writeTransaction((transaction) =>
    writeSetting(transaction, 'setupToken', { hash: hashToken(token), expiresAt: expiresAt.toISOString() }),
  );
  return { token, expiresAt };
}
