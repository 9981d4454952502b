import { describe, expect, it } from 'vitest';
import { nextRentalAction } from '../../lib/domain/next-rental-action';
import { startRefusal } from '../../lib/domain/rental-limits';
import type { RentalRecord, RentalSight } from '../../lib/domain/rental-record';
import { isSavingOver, savingWindowMs } from '../../lib/domain/rental-saving';
import { exampleRecord, exampleSeen, exampleSight, exampleTry, MINUTE_MS, NOW_MS, told } from '../support/rental-cases';
import { exampleWork } from '../support/rental-examples';

const next = (record: RentalRecord, sight: RentalSight = exampleSight()) => told(nextRentalAction(record, sight));
const jobs = (change: Partial<RentalSight['jobs']>) => ({ jobs: { ...exampleSight().jobs, ...change } });
const DONE = { open: 0, ended: 1, hasSucceeded: true };
const HOUR_MS = 60 * MINUTE_MS;
const STOPPED = exampleSeen({ actualStatus: 'exited', intendedStatus: 'stopped', currentState: 'stopped' });

/** The alarm that is written next, and what is told of it. */
function alarmWritten(record: RentalRecord, sight: RentalSight) {
  const action = nextRentalAction(record, sight);
  if (action.kind !== 'write') throw new Error(`it is ${action.kind}`);
  return { alarm: action.change.rental?.alarm ?? null, event: action.change.event };
}

describe('a limit that is reached', () => {
  const spent = (nanoUsd: number, change: Partial<RentalRecord> = {}, terms: object = {}) =>
    exampleRecord({ spentNanoUsd: nanoUsd, ...change }, terms);
  const LIMIT = 10_000_000_000;

  it('ends a rental with nothing to save at once', () => {
    const END = { goal: 'gone', failure: 'rental-budget-reached', says: 'alarm' };
    expect(next(spent(LIMIT - 1))).toEqual({ kind: 'wait' });
    expect(next(spent(LIMIT), exampleSight(jobs(DONE)))).toEqual(END);
    expect(next(spent(LIMIT, { tries: [] }))).toEqual(END);
    expect(next(spent(LIMIT, { tries: [exampleTry({ reachableAtMs: null })] }))).toEqual(END);
    expect(next(spent(LIMIT, { tries: [], goal: 'stopped', state: 'stopped' }))).toEqual(END);
    expect(next(exampleRecord({ createdAtMs: NOW_MS - 24 * HOUR_MS }), exampleSight(jobs(DONE)))).toMatchObject({
      failure: 'rental-deadline-reached',
    });
  });

  it('first saves what can be saved, and says what bounds that', () => {
    const begin = nextRentalAction(spent(LIMIT), exampleSight(jobs({ unsaved: ['a.gguf'] })));
    expect(begin).toMatchObject({ kind: 'write', change: { rental: { savingSinceMs: NOW_MS } } });
    expect(JSON.stringify(begin)).toContain('for 15m 00s, longer only while bytes arrive, and never beyond $12.00');
    const { alarm } = alarmWritten(spent(LIMIT, { savingSinceMs: NOW_MS }), exampleSight());
    expect(alarm).toMatchObject({ code: 'rental-budget-reached', message: expect.stringContaining('$12.00 in all') });
    const saving = (change: Partial<RentalRecord> = {}) => spent(LIMIT, { savingSinceMs: NOW_MS, alarm, ...change });
    expect(next(saving())).toEqual({ kind: 'save' });
    const asked = { ...exampleSight().askedAtMs, save: NOW_MS - 1000 };
    expect(next(saving(), exampleSight({ askedAtMs: asked }))).toEqual({ kind: 'wait' });
  });

  it('stops what still holds a file when the time or the money of saving is over', () => {
    const { alarm } = alarmWritten(spent(LIMIT, { savingSinceMs: NOW_MS }), exampleSight());
    const saving = (minutes: number, change: Partial<RentalRecord> = {}) =>
      spent(LIMIT, { savingSinceMs: NOW_MS - minutes * MINUTE_MS, alarm, ...change });
    const unsaved = (change: object = {}) => exampleSight(jobs({ open: 0, unsaved: ['a.gguf'], ...change }));
    const STOP = { goal: 'stopped', failure: 'rental-budget-reached', says: 'alarm' };
    expect(next(saving(14), unsaved())).toEqual({ kind: 'save' });
    expect(next(saving(15), unsaved())).toEqual(STOP);
    expect(next(saving(1, { spentNanoUsd: LIMIT * 1.2 }), unsaved())).toEqual(STOP);
    // Jobs that do not end save nothing.
    expect(next(saving(15), exampleSight(jobs({ open: 1 })))).toMatchObject({ goal: 'gone' });
    const late = { createdAtMs: NOW_MS - 48 * HOUR_MS, spentNanoUsd: 0 };
    const { alarm: over } = alarmWritten(saving(15, late), unsaved());
    expect(next(saving(15, { ...late, alarm: over }), unsaved())).toMatchObject({ failure: 'rental-deadline-reached' });
    // Past its deadline for hours, and only now looked at: saving has its time all the same.
    expect(next(exampleRecord(late), unsaved())).toEqual({ says: 'warning' });
  });

  it('saves for as long as the size of the files needs on the line, and beyond while bytes arrive', () => {
    const { alarm } = alarmWritten(spent(LIMIT, { savingSinceMs: NOW_MS }), exampleSight());
    const saving = (minutes: number, change: Partial<RentalRecord> = {}) =>
      spent(LIMIT, { savingSinceMs: NOW_MS - minutes * MINUTE_MS, alarm, ...change });
    // 16 GB at 100 Mbit/s come in 21 minutes, so 43 are waited.
    const large = (change: object = {}) =>
      exampleSight(jobs({ open: 0, unsaved: ['a-F16.gguf'], unsavedBytes: 16_000_000_000, ...change }));
    expect(next(saving(42), large())).toEqual({ kind: 'save' });
    expect(next(saving(43), large())).toMatchObject({ goal: 'stopped' });
    expect(next(saving(60), large({ arrivedAtMs: NOW_MS - 2 * MINUTE_MS }))).toEqual({ kind: 'save' });
    expect(next(saving(60), large({ arrivedAtMs: NOW_MS - 3 * MINUTE_MS }))).toMatchObject({ goal: 'stopped' });
    expect(next(saving(60, { spentNanoUsd: 1.2 * LIMIT }), large({ arrivedAtMs: NOW_MS }))).toMatchObject({
      goal: 'stopped',
    });
    // Where nothing was to be brought home the estimate knows no line.
    const work = exampleWork({ broughtHomeBytes: 0 });
    expect(next(saving(42, { work }), large())).toEqual({ kind: 'save' });
    expect(next(saving(43, { work }), large())).toMatchObject({ goal: 'stopped' });
    const idle = exampleTry();
    const estimate = { ...idle.estimate, times: { ...idle.estimate.times, bringHomeMs: 0 } };
    expect(next(saving(42, { tries: [{ ...idle, estimate }] }), large())).toEqual({ kind: 'save' });
    const times = { ...idle.estimate.times, bringHomeMs: idle.estimate.times.bringHomeMs * 2 };
    const slow = saving(85, { tries: [{ ...idle, estimate: { ...idle.estimate, times } }] });
    expect(next(slow, large())).toEqual({ kind: 'save' });
    expect(savingWindowMs(exampleRecord({ tries: [] }), 0)).toBe(15 * MINUTE_MS);
    // What was not begun is not over.
    expect(isSavingOver(exampleRecord(), large())).toBe(false);
  });

  it('keeps a stopped machine for what is on it alone, and says how to get it', () => {
    const held = spent(LIMIT, { goal: 'stopped', goalBy: 'keeper', state: 'stopped' });
    const sight = exampleSight(jobs({ open: 0, unsaved: ['a.gguf'] }), STOPPED);
    expect(next(held, sight)).toEqual({ alarm: 'rental-holds-unsaved', says: 'alarm' });
    const { alarm } = alarmWritten(held, sight);
    expect(alarm?.message).toContain('because one file is on it alone');
    expect(alarm?.remedy).toContain('Allow more money or time');
    const two = alarmWritten(held, exampleSight(jobs({ open: 0, unsaved: ['a.gguf', 'b.gguf'] }), STOPPED));
    expect(two.alarm?.message).toContain('2 files are');
    expect(next({ ...held, alarm }, sight)).toEqual({ kind: 'wait' });
    expect(next({ ...held, failure: alarm }, exampleSight(jobs(DONE), STOPPED))).toEqual({
      goal: 'gone',
      failure: 'rental-holds-unsaved',
      says: 'alarm',
    });
    expect(next(held, exampleSight(jobs(DONE), STOPPED))).toMatchObject({ failure: 'rental-budget-reached' });
  });

  it('ends a job that waits for a stopped machine', () => {
    const held = spent(LIMIT, { goal: 'stopped', goalBy: 'keeper', state: 'stopped' });
    expect(next(held, exampleSight(jobs({ open: 1 }), STOPPED))).toEqual({ kind: 'save' });
    const asked = { ...exampleSight().askedAtMs, save: NOW_MS - 1000 };
    expect(next(held, exampleSight({ ...jobs({ open: 1 }), askedAtMs: asked }, STOPPED))).toEqual({ kind: 'wait' });
  });

  it.each(['stop', 'keep'] as const)(
    'stops a machine that was to be there afterwards (%s), and never gives it back',
    (afterwards) => {
      const kept = (change: Partial<RentalRecord> = {}) => spent(LIMIT, change, { afterwards });
      expect(next(kept(), exampleSight(jobs(DONE)))).toEqual({ goal: 'stopped', says: 'warning' });
      const saving = kept({ savingSinceMs: NOW_MS - HOUR_MS });
      const notice = alarmWritten(saving, exampleSight());
      expect(next({ ...saving, alarm: notice.alarm }, exampleSight())).toEqual({ goal: 'stopped', says: 'warning' });
      const stopped = kept({ goal: 'stopped', goalBy: 'keeper', state: 'stopped' });
      const sight = exampleSight(jobs(DONE), STOPPED);
      const { alarm, event } = alarmWritten(stopped, sight);
      expect(alarm).toMatchObject({ code: 'rental-budget-reached', message: expect.stringContaining('billed on') });
      expect(event).toBeUndefined();
      expect(next({ ...stopped, alarm }, sight)).toEqual({ kind: 'wait' });
      // The notice of saving has another remedy, so this one takes its place.
      expect(next({ ...stopped, alarm: notice.alarm }, sight)).toEqual({ alarm: 'rental-budget-reached' });
    },
  );

  it('leaves a machine that a person has stopped as it is', () => {
    const stopped = spent(LIMIT, { goal: 'stopped', goalBy: 'person', state: 'stopped' });
    const sight = exampleSight(jobs(DONE), STOPPED);
    expect(next(stopped, sight)).toEqual({ alarm: 'rental-budget-reached', says: 'warning' });
    expect(next({ ...stopped, ...alarmWritten(stopped, sight) }, sight)).toEqual({ kind: 'wait' });
  });

  it('refuses a start that would not last', () => {
    const deadline = exampleRecord({ createdAtMs: NOW_MS - 24 * HOUR_MS });
    expect(startRefusal(exampleRecord(), NOW_MS, 0)).toBeNull();
    expect(startRefusal(deadline, NOW_MS, 0)).toMatchObject({ code: 'rental-deadline-reached' });
    expect(startRefusal(deadline, NOW_MS, 1)).toBeNull();
    expect(startRefusal(spent(LIMIT), NOW_MS, 1)).toBeNull();
    expect(startRefusal(spent(LIMIT * 1.2), NOW_MS, 1)).toMatchObject({ code: 'rental-budget-reached' });
  });
});

describe('a machine that no job uses', () => {
  const idle = (minutes: number, afterwards = 'destroy') =>
    exampleRecord({ idleSinceMs: NOW_MS - minutes * MINUTE_MS }, { afterwards });

  it('is noticed, and forgotten when it is used again', () => {
    expect(next(exampleRecord(), exampleSight(jobs({ open: 0 })))).toEqual({ idleSinceMs: NOW_MS });
    expect(next(exampleRecord(), exampleSight(jobs({ open: 0, saving: 1, unsaved: ['a'] })))).toEqual({ kind: 'wait' });
    expect(next(idle(1))).toEqual({ idleSinceMs: null });
    expect(next(idle(60), exampleSight(jobs({ open: 0 })))).toEqual({ kind: 'wait' });
  });

  it('is stopped after twenty minutes when files are on it alone', () => {
    const sight = exampleSight(jobs({ ...DONE, unsaved: ['a.gguf'] }));
    expect(next(idle(19), sight)).toEqual({ kind: 'wait' });
    expect(next(idle(20), sight)).toEqual({ goal: 'stopped', says: 'warning' });
  });

  it('is dealt with as agreed when everything is home, a failed job having more time to be tried again', () => {
    expect(next(idle(1), exampleSight(jobs(DONE)))).toEqual({ kind: 'wait' });
    expect(next(idle(2), exampleSight(jobs(DONE)))).toEqual({ goal: 'gone', says: 'note' });
    expect(next(idle(2, 'stop'), exampleSight(jobs(DONE)))).toEqual({ goal: 'stopped', says: 'note' });
    expect(next(idle(60, 'keep'), exampleSight(jobs(DONE)))).toEqual({ kind: 'wait' });
    expect(next(idle(19), exampleSight(jobs({ ...DONE, hasSucceeded: false })))).toEqual({ kind: 'wait' });
    expect(next(idle(20), exampleSight(jobs({ ...DONE, hasSucceeded: false })))).toEqual({
      goal: 'gone',
      says: 'note',
    });
  });
});
