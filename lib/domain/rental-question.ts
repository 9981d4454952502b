import type { Failure } from './failure';
import type { RentalAccount } from './rented-instance';

/** What pages may want to know of the rental service; the server asks for them. */
export const RENTAL_QUESTION_KINDS = ['key', 'offers'] as const;
export type RentalQuestionKind = (typeof RENTAL_QUESTION_KINDS)[number];

export const RENTAL_QUESTION_STATUSES = ['queued', 'running', 'answered', 'failed'] as const;
export type RentalQuestionStatus = (typeof RENTAL_QUESTION_STATUSES)[number];

/** A question with what came of it. */
export interface RentalQuestionView<Answer> {
  readonly id: string;
  readonly status: RentalQuestionStatus;
  readonly answer: Answer | null;
  readonly failure: Failure | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** What a key may be allowed to do, by the service's own names; `app/_copy` has the words. */
export const RENTAL_RIGHTS = [
  'misc',
  'user_read',
  'user_write',
  'instance_read',
  'instance_write',
  'billing_read',
] as const;
export type RentalRight = (typeof RENTAL_RIGHTS)[number];

export interface RentalRightReport {
  readonly right: RentalRight;
  /** `unclear`: the service could not be asked; the failure says why. */
  readonly state: 'works' | 'missing' | 'unclear';
  readonly failure: Failure | null;
}

/** What a key turned out to be. */
export interface RentalKeyReport {
  /** Whether it is a key of the real service, where money is spent. */
  readonly isReal: boolean;
  /** Null when the key may not look at its account. */
  readonly account: RentalAccount | null;
  readonly rights: readonly RentalRightReport[];
}

/** Failures that say that the key itself is good and only this is not allowed. */
const MISSING = new Set<Failure['code']>(['rental-key-scope', 'rental-key-team']);
/** Failures of the key as a whole: no right can be told apart. */
const WHOLE_KEY = new Set<Failure['code']>([
  'rental-key-missing',
  'rental-key-refused',
  'rental-key-expired',
  'rental-key-two-factor',
  'rental-key-mismatch',
]);

/** Whether a failure makes every further question with this key pointless. */
export function isAboutWholeKey(failure: Failure): boolean {
  return WHOLE_KEY.has(failure.code);
}

/** What an attempt says about a right; null failure means that it went through. */
export function rightReport(right: RentalRight, failure: Failure | null): RentalRightReport {
  if (failure === null) return { right, state: 'works', failure: null };
  return { right, state: MISSING.has(failure.code) ? 'missing' : 'unclear', failure };
}
