import type { FakeKey } from './fake-instance';
import { FakeRefusal } from './fake-refusal';

/** Somebody's account: money and keys of its own. */
export interface FakeAccount {
  readonly id: number;
  readonly email: string;
  isEmailVerified: boolean;
  hasCard: boolean;
  /** It has spent as much in an hour as a young account may. */
  isSpendLimited: boolean;
  creditUsd: number;
  spentUsd: number;
  readonly keys: FakeKey[];
}

export const FIRST_ACCOUNT_ID = 424_242;
export const OTHER_ACCOUNT_ID = 515_151;

/** A fresh account, which owns nothing. */
export function newFakeAccount(id: number, email: string, creditUsd: number): FakeAccount {
  return { id, email, isEmailVerified: true, hasCard: true, isSpendLimited: false, creditUsd, spentUsd: 0, keys: [] };
}

/** What a key may do. The strings are the fake's own; each answers as vast was seen to answer. */
export type FakeKeyKind = 'full' | 'read-only' | 'no-billing' | 'two-factor' | 'two-factor-expired' | 'team';

/** What a route needs; `open` needs no key at all. */
export type FakeScope = 'open' | 'user_read' | 'user_write' | 'instance_read' | 'instance_write' | 'billing_read';

export const FULL_KEY = 'vast-test-full-0123456789abcdef';
/** May do everything, in the other account. */
export const OTHER_KEY = 'vast-test-other-0123456789abcde';

/** One of each kind, so that any of them can be tried by hand. */
export const FAKE_KEYS: Readonly<Record<string, FakeKeyKind>> = {
  [FULL_KEY]: 'full',
  [OTHER_KEY]: 'full',
  'vast-test-read-only-0123456789': 'read-only',
  'vast-test-no-billing-012345678': 'no-billing',
  'vast-test-two-factor-012345678': 'two-factor',
  'vast-test-expired-01234567890a': 'two-factor-expired',
  'vast-test-team-0123456789abcdef': 'team',
};

/** Whose key it is. */
export function accountIdOf(key: string | null): number {
  return key === OTHER_KEY ? OTHER_ACCOUNT_ID : FIRST_ACCOUNT_ID;
}

/** The key of a kind. */
export function fakeKeyOf(kind: FakeKeyKind): string {
  const found = Object.keys(FAKE_KEYS).find((key) => FAKE_KEYS[key] === kind);
  if (found === undefined) throw new Error(`the fake has no key that is ${kind}`);
  return found;
}

/**
 * Lets a request pass or refuses it as vast does: 403 without a key, 404 for a wrong one, 401 where two factors are missing.
 * @param ownInstance whether the key is the one that the instance in the path was given
 */
export function checkAccess(key: string | null, scope: FakeScope, isOwnInstance: boolean): FakeKeyKind | 'instance' {
  if (scope === 'open') return 'full';
  if (key === null) throw new FakeRefusal(403, 'auth_error', 'This action requires login.');
  if (isOwnInstance) return 'instance';
  const kind = FAKE_KEYS[key];
  if (kind === undefined) throw new FakeRefusal(404, 'auth_error', 'Invalid user key');
  if (kind === 'two-factor') {
    throw new FakeRefusal(
      401,
      'auth_error',
      'This action requires you to have logged in using Two Factor Authentication',
    );
  }
  if (kind === 'two-factor-expired') throw new FakeRefusal(404, 'auth_error', 'Session expired. Please log in again.');
  if (kind === 'read-only' && scope.endsWith('_write')) throw unauthorized(scope);
  if (kind === 'no-billing' && scope === 'billing_read') throw unauthorized(scope);
  return kind;
}

function unauthorized(scope: FakeScope): FakeRefusal {
  return new FakeRefusal(403, 'forbidden', `API key does not have permission for this route (${scope}).`);
}

const LEAST_CREDIT_USD = 0.05;

/** Lets what will cost money pass, or refuses it. */
export function checkMoney(account: FakeAccount): void {
  if (account.isSpendLimited) {
    throw new FakeRefusal(400, 'spend_rate_limit', 'Your account has reached its hourly spend limit.');
  }
  if (account.creditUsd < LEAST_CREDIT_USD) {
    throw new FakeRefusal(400, 'insufficient_credit', 'Your account lacks credit; see the billing page.');
  }
}
