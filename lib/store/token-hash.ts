import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 32 random bytes as 43 characters that are safe in URLs and headers. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** sha256 in hex. Enough for values of 256 random bits: nobody guesses those, so no slow hash is needed. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares two hashes in constant time. */
export function isSameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
