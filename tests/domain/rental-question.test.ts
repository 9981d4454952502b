import { describe, expect, it } from 'vitest';
import type { Failure, FailureCode } from '../../lib/domain/failure';
import {
  isAboutWholeKey,
  RENTAL_QUESTION_KINDS,
  RENTAL_QUESTION_STATUSES,
  RENTAL_RIGHTS,
  rightReport,
} from '../../lib/domain/rental-question';

const failureOf = (code: FailureCode): Failure => ({ code, message: '', remedy: '', evidence: [], isTransient: false });

describe('what a key is good for', () => {
  it.each([
    ['rental-key-scope', 'missing'],
    ['rental-key-team', 'missing'],
    ['rental-unreachable', 'unclear'],
    ['rental-rate-limited', 'unclear'],
  ] as const)('%s makes a right %s', (code, state) => {
    const failure = failureOf(code);
    expect(rightReport('user_write', failure)).toEqual({ right: 'user_write', state, failure });
    expect(isAboutWholeKey(failure)).toBe(false);
  });

  it('is a right that works when nothing failed', () => {
    expect(rightReport('misc', null)).toEqual({ right: 'misc', state: 'works', failure: null });
  });

  it.each(['rental-key-refused', 'rental-key-two-factor', 'rental-key-expired', 'rental-key-mismatch'] as const)(
    'is nothing at all after %s',
    (code) => expect(isAboutWholeKey(failureOf(code))).toBe(true),
  );

  it('names each thing once', () => {
    for (const list of [RENTAL_RIGHTS, RENTAL_QUESTION_KINDS, RENTAL_QUESTION_STATUSES]) {
      expect(new Set<string>(list).size).toBe(list.length);
    }
  });
});
