import * as z from 'zod';
import { formatDuration } from '../domain/duration';
import { FailureError } from '../domain/failure';
import { admitLogin, forgiveLogins } from '../store/login-throttle';
import { verifyNothing, verifyPassword } from '../store/password-hash';
import { runtime } from '../store/runtime';
import { openSession } from '../store/session-store';
import { writeTransaction } from '../store/write-transaction';
import { ADMIN_NAME, type OpenedSession, requesterSchema } from './account-rules';
import { parseInput } from './parse-input';

const inputSchema = requesterSchema.extend({
  name: z.string().max(200).default(ADMIN_NAME),
  password: z.string().min(1, 'Type the password.').max(1024),
});

/**
 * Opens a session. Throws `unauthenticated`, with the same words and after the same time whatever was wrong, and
 * `rate-limited` after five failures of an account or address.
 */
export async function logIn(input: z.input<typeof inputSchema>): Promise<OpenedSession> {
  const { name, password, userAgent, address } = parseInput(inputSchema, input);
  const keys = [`account:${name}`, ...(address === 'unknown' ? [] : [`address:${networkOf(address)}`])];
  refuseTooMany(await admitLogin(keys, new Date()));
  const user = await runtime().client.user.findUnique({ where: { name } });
  const isRight = user ? await verifyPassword(password, user.passwordHash) : await verifyNothing(password);
  if (!user || !isRight) {
    throw new FailureError('unauthenticated', 'That is not the password.', { remedy: 'Upper and lower case count.' });
  }
  return writeTransaction(async (transaction) => {
    await forgiveLogins(transaction, keys);
    return openSession(transaction, { userId: user.id, userAgent, at: new Date() });
  });
}

function refuseTooMany(waitMs: number): void {
  if (waitMs <= 0) return;
  throw new FailureError('rate-limited', `Too many failed logins. Try again in ${formatDuration(waitMs)}.`, {
    isTransient: true,
  });
}

/** One subscriber has a whole /64 of IPv6 addresses; in IPv4 the /24 is counted together. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  return plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain.split('.').slice(0, 3).join('.');
}
