import { describe, expect, it } from 'vitest';
import { FAILURE_CODES } from '../../lib/domain/failure';
import { CHECK_CODES } from '../../lib/domain/finding';

describe('the codes of findings', () => {
  it('never share a name with a failure: a code says one thing', () => {
    const failures = new Set<string>(FAILURE_CODES);
    expect(CHECK_CODES.filter((code) => failures.has(code))).toEqual([]);
    expect(new Set(CHECK_CODES).size).toBe(CHECK_CODES.length);
  });
});
