import { describe, expect, it } from 'vitest';
import { contractAlarm } from '../../lib/domain/contract-alarm';
import { nextRentalAction } from '../../lib/domain/next-rental-action';
import type { RentalRecord } from '../../lib/domain/rental-record';
import { exampleRecord, exampleSeen, exampleSight, exampleTry, NOW_MS, told } from '../support/rental-cases';

const HOUR_MS = 3_600_000;
const estimate = { ...exampleTry().estimate, totalMs: 5 * HOUR_MS };
const ending = (hours: number | null, change: Partial<RentalRecord> = {}) =>
  exampleRecord({
    seen: exampleSeen({ endsAtMs: hours === null ? null : NOW_MS + hours * HOUR_MS }),
    tries: [exampleTry({ thereAtMs: NOW_MS, estimate })],
    ...change,
  });
const alarm = (record: RentalRecord) => contractAlarm(record, exampleSight());

describe('the end of a contract', () => {
  it('is told when it comes before the work is done, and two hours before at the latest', () => {
    expect(alarm(ending(5.1))).toBeNull();
    expect(alarm(ending(4.9))?.code).toBe('rental-contract-ends');
    const done = [exampleTry({ thereAtMs: NOW_MS - 5 * HOUR_MS, estimate })];
    expect(alarm(ending(2.1, { tries: done }))).toBeNull();
    expect(alarm(ending(1.9, { tries: done }))?.message).toContain('only until 2027-01-15');
    expect(told(nextRentalAction(ending(4.9), exampleSight()))).toMatchObject({ alarm: 'rental-contract-ends' });
  });

  it('is told of a machine that is kept stopped three days before', () => {
    const stopped = { goal: 'stopped', state: 'stopped' } as const;
    expect(alarm(ending(73, stopped))).toBeNull();
    expect(alarm(ending(71, stopped))?.code).toBe('rental-contract-ends');
    expect(alarm(ending(-1, stopped))?.message).toContain('has stopped it for good');
  });

  it('is nothing where none is told, without a machine, and for what was seen of another', () => {
    expect(alarm(ending(null))).toBeNull();
    expect(alarm(ending(1, { tries: [] }))).toBeNull();
    expect(alarm(ending(1, { seen: exampleSeen({ id: 'another', endsAtMs: NOW_MS }) }))).toBeNull();
    expect(alarm(ending(1, { seen: null }))).toBeNull();
  });
});
