import { describe, expect, it } from 'vitest';
import type { RentalRecord } from '../../lib/domain/rental-record';
import { reckonSpending } from '../../lib/domain/rental-spending';
import { exampleRecord, exampleSeen, exampleSight, exampleTry, MINUTE_MS, NOW_MS } from '../support/rental-cases';

const HOUR_MS = 60 * MINUTE_MS;

describe('what a rental has cost', () => {
  const since = (change: Partial<RentalRecord> = {}) => exampleRecord({ spentUntilMs: NOW_MS - HOUR_MS, ...change });
  const there = exampleTry({ thereAtMs: NOW_MS - 2 * HOUR_MS });
  const { nanoUsdPerHour } = there.estimate;
  const storage = nanoUsdPerHour - there.offer.baseNanoUsdPerHour;
  const spent = (record: RentalRecord, sight = exampleSight()) => reckonSpending(record, sight).spentNanoUsd;

  it('begins with the machine, and runs by its rates', () => {
    expect(reckonSpending(exampleRecord(), exampleSight())).toMatchObject({
      spentNanoUsd: 0,
      spentUntilMs: NOW_MS,
      event: null,
    });
    expect(spent(since({ tries: [there] }))).toBe(200_000_000);
    expect(spent(since({ tries: [exampleTry({ thereAtMs: NOW_MS - HOUR_MS / 2 })] }))).toBe(100_000_000);
    expect(spent(since({ tries: [exampleTry({ thereAtMs: null })] }))).toBe(200_000_000);
    expect(spent(since({ tries: [{ ...there, serviceId: null }] }))).toBe(0);
  });

  it('takes the dearer of the rates that a time began and ended with, and the estimate where none is told', () => {
    const stopped = exampleSeen({ actualStatus: 'exited', intendedStatus: 'stopped', currentState: 'stopped' });
    const record = (seen: RentalRecord['seen']) => since({ tries: [there], seen });
    expect(spent(record(stopped), exampleSight({}, stopped))).toBe(20_000_000);
    expect(spent(record(exampleSeen()), exampleSight({}, stopped))).toBe(200_000_000);
    expect(spent(record(null), exampleSight({}, exampleSeen({ id: 'another' })))).toBe(storage);
    expect(spent(record(null), exampleSight({}, exampleSeen({ actualStatus: 'offline' })))).toBe(0);
    const untold = { runningNanoUsdPerHour: null, storageNanoUsdPerHour: null };
    expect(spent(record(null), exampleSight({}, exampleSeen(untold)))).toBe(nanoUsdPerHour);
    expect(spent(record(null), exampleSight({}, { ...stopped, ...untold }))).toBe(storage);
    const startAskedAtMs = NOW_MS - 1000;
    expect(
      spent({ ...record(stopped), startAskedAtMs }, exampleSight({}, exampleSeen({ actualStatus: 'exited' }))),
    ).toBe(200_000_000);
  });

  it('is reckoned at the full rate while nobody can look, but for what was stopped by wish', () => {
    const blind = exampleSight({ list: null });
    const stopped = exampleSeen({ actualStatus: 'exited', intendedStatus: 'stopped', currentState: 'stopped' });
    const loading = exampleSeen({ actualStatus: 'loading' });
    expect(spent(since({ tries: [there], seen: null }), blind)).toBe(nanoUsdPerHour);
    expect(spent(since({ tries: [there], seen: loading }), blind)).toBe(200_000_000);
    expect(spent(since({ tries: [there], seen: stopped, state: 'starting' }), blind)).toBe(200_000_000);
    expect(spent(since({ tries: [there], seen: stopped, goal: 'stopped', state: 'stopped' }), blind)).toBe(20_000_000);
    expect(reckonSpending(since({ tries: [there], seen: null }), blind).spentDiskNanoUsd).toBe(storage);
  });

  it('counts traffic as it grows, once', () => {
    const now = exampleSeen({ actualStatus: 'offline', downBilledBytes: 3e9, upBilledBytes: 1e9 });
    const record = (seen: RentalRecord['seen'], state: 'there' | 'releasing' = 'there') =>
      since({ tries: [{ ...there, state }], seen });
    expect(spent(record(null), exampleSight({}, now))).toBe(12_000_000);
    expect(spent(record({ ...now, downBilledBytes: 2e9 }), exampleSight({}, now))).toBe(3_000_000);
    expect(spent(record(now), exampleSight({}, { ...now, downBilledBytes: 1e9 }))).toBe(0);
    expect(spent(record(null, 'releasing'), exampleSight({}, now))).toBe(0);
    expect(reckonSpending(record(now, 'releasing'), exampleSight({}, now)).seen).toEqual(now);
    const untold = { ...now, downNanoUsdPerGb: null, upNanoUsdPerGb: null };
    expect(spent(record(null), exampleSight({}, untold))).toBe(12_000_000);
  });

  it('says what of it the disk and the traffic cost, by the same rates', () => {
    const stopped = exampleSeen({ actualStatus: 'exited', intendedStatus: 'stopped', currentState: 'stopped' });
    const parts = (seen: RentalRecord['seen'], now: NonNullable<RentalRecord['seen']>, before = {}) => {
      const spending = reckonSpending(since({ tries: [there], seen, ...before }), exampleSight({}, now));
      return [spending.spentNanoUsd, spending.spentDiskNanoUsd, spending.spentTrafficNanoUsd];
    };
    expect(parts(exampleSeen(), exampleSeen())).toEqual([200_000_000, 20_000_000, 0]);
    expect(parts(stopped, stopped)).toEqual([20_000_000, 20_000_000, 0]);
    const busy = exampleSeen({ actualStatus: 'offline', downBilledBytes: 1e9 });
    expect(parts(null, busy, { spentNanoUsd: 10, spentDiskNanoUsd: 3, spentTrafficNanoUsd: 2 })).toEqual([
      3_000_010, 3, 3_000_002,
    ]);
  });

  it('is told once at four fifths of money or time', () => {
    const money = (before: number) => since({ tries: [there], spentNanoUsd: before });
    expect(reckonSpending(money(7_900_000_000), exampleSight()).event).toMatchObject({ level: 'warning' });
    expect(reckonSpending(money(7_900_000_000), exampleSight()).event?.text).toContain('is given back');
    const kept = exampleRecord(
      { spentUntilMs: NOW_MS - HOUR_MS, tries: [there], spentNanoUsd: 7_900_000_000 },
      { afterwards: 'keep' },
    );
    expect(reckonSpending(kept, exampleSight()).event?.text).toContain('its disk billed on');
    expect(reckonSpending(money(8_100_000_000), exampleSight()).event).toBeNull();
    const time = (hours: number) =>
      exampleRecord({ spentUntilMs: NOW_MS - MINUTE_MS, createdAtMs: NOW_MS - hours * HOUR_MS });
    expect(reckonSpending(time(19.2), exampleSight()).event).toMatchObject({ level: 'warning' });
    expect(reckonSpending(time(19), exampleSight()).event).toBeNull();
    expect(reckonSpending(time(20), exampleSight()).event).toBeNull();
  });
});
