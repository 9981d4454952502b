import { expect, it } from 'vitest';
import { nextRentalAction } from '../../lib/domain/next-rental-action';
import { alarmOf } from '../../lib/domain/rental-alarm';
import type { RentalRecord, RentalSight } from '../../lib/domain/rental-record';
import { exampleRecord, exampleSeen, exampleSight, exampleTry, MINUTE_MS, NOW_MS } from '../support/rental-cases';

const used = (change: Partial<RentalRecord> = {}, terms: object = {}) =>
  exampleRecord({ seen: exampleSeen(), ...change }, terms);
const blind = (change: Partial<RentalSight> = {}) =>
  exampleSight({ list: null, knockedAtMs: NOW_MS - 2 * MINUTE_MS, ...change });
const kind = (record: RentalRecord, sight = blind()) => nextRentalAction(record, sight).kind;

it('touches the lease where the machine last was while no list can be read, every two minutes', () => {
  const { endpoints } = exampleSeen();
  expect(nextRentalAction(used(), blind())).toEqual({ kind: 'touch', attempt: exampleTry(), endpoints });
  expect(kind(used(), blind({ knockedAtMs: null }))).toBe('touch');
  expect(kind(used(), blind({ knockedAtMs: NOW_MS - MINUTE_MS }))).toBe('wait');
  expect(kind(used(), exampleSight({ knockedAtMs: NOW_MS - 2 * MINUTE_MS }))).toBe('reach');
});

it('touches nothing that is not used, or is nowhere known', () => {
  expect(kind(used({ state: 'lost' }))).toBe('wait');
  expect(kind(used({ goal: 'stopped' }))).toBe('wait');
  expect(kind(used({ goal: 'gone' }))).not.toBe('touch');
  expect(kind(used({ seen: null }))).toBe('wait');
  expect(kind(used({ seen: exampleSeen({ id: '501' }) }))).toBe('wait');
  expect(kind(used({ seen: exampleSeen({ endpoints: [] }) }))).toBe('wait');
});

it('keeps a machine up while files come home after a limit, and ends the rental all the same', () => {
  const limited = used({ savingSinceMs: NOW_MS - MINUTE_MS }, { mostMs: MINUTE_MS });
  const saving = { ...limited, alarm: alarmOf(limited, blind()) };
  expect(kind(saving)).toBe('touch');
  expect(kind(saving, blind({ knockedAtMs: NOW_MS }))).toBe('save');
  const nothing = { ...blind().jobs, open: 0 };
  const over = nextRentalAction(used({}, { mostMs: MINUTE_MS }), blind({ knockedAtMs: NOW_MS, jobs: nothing }));
  expect(over).toMatchObject({ kind: 'write', change: { rental: { goal: 'gone' } } });
});
