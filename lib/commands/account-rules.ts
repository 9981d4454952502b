import * as z from 'zod';

/** There is one account; its name is not asked for. */
export const ADMIN_NAME = 'admin';

/** A new password, typed or from the environment: long is what counts, so no rules about kinds of characters. */
export const newPasswordSchema = z.string().min(12, 'At least 12 characters.').max(1024, 'At most 1024 characters.');

/** Who asks, for the throttle and the list of sessions. */
export const requesterSchema = z.object({
  userAgent: z.string().max(2000).default('unknown'),
  /** IP address as the server saw it. */
  address: z.string().max(200).default('unknown'),
});

/** The opened session. The cookie's value exists only here; the database keeps its hash. */
export interface OpenedSession {
  readonly cookieValue: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}
