import * as z from 'zod';
import { FailureError } from '../domain/failure';
import { admitLogin, forgiveLogins } from '../store/login-throttle';
import { hashPassword, verifyPassword } from '../store/password-hash';
import { runtime } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { newPasswordSchema } from './account-rules';
import { parseInput } from './parse-input';

const inputSchema = z.object({
  userId: z.string().max(64),
  /** The session that stays open. */
  keepSessionId: z.string().max(200),
  currentPassword: z.string().min(1, 'Type the password you have now.').max(1024),
  newPassword: newPasswordSchema,
});

/** Changes the password and ends every other session. Throws `invalid-input`, `forbidden` (wrong current one), `rate-limited`. */
export async function changePassword(input: z.input<typeof inputSchema>): Promise<void> {
  const { userId, keepSessionId, currentPassword, newPassword } = parseInput(inputSchema, input);
  const keys = [`password-change:${userId}`];
  if ((await admitLogin(keys, new Date())) > 0)
    throw new FailureError('rate-limited', 'Too many wrong passwords. Try again later.', { isTransient: true });
  const user = await runtime().client.user.findUnique({ where: { id: userId } });
  if (!user || !(await verifyPassword(currentPassword, user.passwordHash))) {
    throw new FailureError('forbidden', 'The current password is not right.', { evidence: ['currentPassword: wrong'] });
  }
  const passwordHash = await hashPassword(newPassword);
  await writeTransaction(async (transaction) => {
    await forgiveLogins(transaction, keys);
    await transaction.user.update({ where: { id: userId }, data: { passwordHash } });
    await transaction.session.deleteMany({ where: { userId, id: { not: keepSessionId } } });
  });
}
