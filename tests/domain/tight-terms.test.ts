import { expect, it } from 'vitest';
import { tightTerms } from '../../lib/domain/tight-terms';

const MINUTE_MS = 60_000;
const estimate = { highNanoUsd: 500_000_000, totalMs: 90 * MINUTE_MS };

it('says which limits may end a job before it is done', () => {
  expect(tightTerms({ mostNanoUsd: 500_000_000, mostMs: 90 * MINUTE_MS }, estimate)).toEqual([]);
  expect(tightTerms({ mostNanoUsd: 499_000_000, mostMs: 89 * MINUTE_MS }, estimate)).toEqual([
    'The job may cost up to $0.500, more than the budget of $0.499.',
    'The job takes about 1h 30m, longer than the deadline of 1h 29m.',
  ]);
});
