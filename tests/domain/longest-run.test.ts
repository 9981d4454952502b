import { expect, it } from 'vitest';
import { longestRunSeconds } from '../../lib/domain/longest-run';
import type { RentalRecord } from '../../lib/domain/rental-record';
import { savingWindowMs } from '../../lib/domain/rental-saving';
import { exampleRecord, exampleSeen, exampleTry, MINUTE_MS, NOW_MS } from '../support/rental-cases';

const HOUR_MS = 60 * MINUTE_MS;
const rental = (terms: object, change: Partial<RentalRecord> = {}) =>
  exampleRecord({ createdAtMs: NOW_MS, ...change }, terms);
const dollars = (count: number) => count * 1_000_000_000;

it('is what is left of the agreed time, with the room that files have to come home', () => {
  const room = savingWindowMs(rental({}), rental({}).work.broughtHomeBytes) / 1000;
  expect(room).toBeGreaterThanOrEqual(900);
  expect(longestRunSeconds(rental({ mostMs: 2 * HOUR_MS }), NOW_MS)).toBe(Math.ceil(7200 + room));
  expect(longestRunSeconds(rental({ mostMs: 14 * HOUR_MS }), NOW_MS + HOUR_MS)).toBe(Math.ceil(13 * 3600 + room));
  expect(longestRunSeconds(rental({ mostMs: HOUR_MS }), NOW_MS + 100 * HOUR_MS)).toBe(0);
});

it('ends sooner where the money does, at the price that is known best', () => {
  const terms = { mostMs: 30 * 24 * HOUR_MS, mostNanoUsd: dollars(5), mostNanoUsdPerHour: dollars(2) };
  const seen = exampleSeen({ runningNanoUsdPerHour: dollars(1) });
  // Five dollars, and a fifth of it for bringing files home.
  expect(longestRunSeconds(rental(terms, { seen }), NOW_MS)).toBe(6 * 3600);
  expect(longestRunSeconds(rental(terms, { seen, spentNanoUsd: dollars(4) }), NOW_MS)).toBe(2 * 3600);
  expect(longestRunSeconds(rental(terms, { seen, spentNanoUsd: dollars(9) }), NOW_MS)).toBe(0);
  const { nanoUsdPerHour } = exampleTry().estimate;
  const untold = exampleSeen({ runningNanoUsdPerHour: null });
  const estimated = Math.ceil((3600 * dollars(6)) / nanoUsdPerHour);
  expect(longestRunSeconds(rental(terms, { seen: untold }), NOW_MS)).toBe(estimated);
  expect(longestRunSeconds(rental(terms, { tries: [] }), NOW_MS)).toBe(3 * 3600);
  // A price of nothing bounds nothing.
  const free = exampleSeen({ runningNanoUsdPerHour: 0 });
  expect(longestRunSeconds(rental(terms, { seen: free }), NOW_MS)).toBeGreaterThan(30 * 24 * 3600);
});
