import { describe, expect, it } from 'vitest';
import { type Failure, FailureError } from '../../lib/domain/failure';
import { nextRentalAction } from '../../lib/domain/next-rental-action';
import { pauseAfter } from '../../lib/domain/rental-action';
import { isHopeless } from '../../lib/domain/rental-looking';
import type { RentalRecord, RentalSight } from '../../lib/domain/rental-record';
import { DOUBT_MS } from '../../lib/domain/rental-release';
import {
  exampleRecord,
  exampleSeen,
  exampleSight,
  exampleTry,
  LABEL,
  MINUTE_MS,
  NOW_MS,
  told,
} from '../support/rental-cases';

const next = (record: RentalRecord, sight: RentalSight = exampleSight()) => told(nextRentalAction(record, sight));
const failure = (code: Failure['code']) => new FailureError(code, `about ${code}`).failure;
const NOTHING = exampleSight({ list: { readAtMs: NOW_MS, instances: [] } });
const asked = { state: 'asking', serviceId: null, thereAtMs: null, reachableAtMs: null } as const;
const gone = { state: 'gone', serviceId: null, thereAtMs: null, reachableAtMs: null, goneAtMs: NOW_MS } as const;
const back = { state: 'releasing', releasedAtMs: NOW_MS - MINUTE_MS } as const;

describe('looking for a machine', () => {
  const looking = (...tries: RentalRecord['tries']) => exampleRecord({ state: 'looking', tries });

  it('chooses an offer, at once the first time and in growing pauses after', () => {
    expect(next(looking())).toEqual({ kind: 'choose' });
    const asked = (seconds: number) => ({ ...exampleSight().askedAtMs, choose: NOW_MS - seconds * 1000 });
    expect(next(looking(), exampleSight({ askedAtMs: asked(4) }))).toEqual({ kind: 'wait' });
    expect(next(looking(), exampleSight({ askedAtMs: asked(6) }))).toEqual({ kind: 'choose' });
    expect(next(looking(), exampleSight({ askedAtMs: asked(6), failures: 1 }))).toEqual({ kind: 'wait' });
    expect(pauseAfter(20, 5000)).toBe(60_000);
    expect(next(exampleRecord({ state: 'releasing', tries: [] }))).toEqual({ state: 'looking' });
  });

  it('takes the next machine after one that failed, as often as agreed', () => {
    const broken = (ordinal: number) =>
      exampleTry({ id: `t${ordinal}`, ordinal, state: 'gone', failure: failure('rental-machine-broken') });
    expect(next(looking(broken(1), broken(2)))).toEqual({ kind: 'choose' });
    const end = nextRentalAction(looking(broken(1), broken(2), broken(3)), exampleSight());
    expect(told(end)).toEqual({ goal: 'gone', failure: 'rental-gave-up', says: 'alarm' });
    expect(JSON.stringify(end)).toContain('2: about rental-machine-broken');
  });

  it('counts an offer that others took only against patience', () => {
    const taken = (ordinal: number) => exampleTry({ ...gone, ordinal, failure: failure('rental-offer-gone') });
    const many = (count: number) => looking(...Array.from({ length: count }, (_, at) => taken(at)));
    expect(next(many(14))).toEqual({ kind: 'choose' });
    const dropped = exampleTry({ ...gone, ordinal: 15 });
    expect(next(looking(...many(14).tries, dropped))).toMatchObject({ failure: 'rental-gave-up' });
    expect(next(exampleRecord({ state: 'looking', tries: [], stateSinceMs: NOW_MS - 31 * MINUTE_MS }))).toMatchObject({
      failure: 'rental-gave-up',
    });
    expect(next(looking(exampleTry({ ...gone, failure: null })))).toEqual({ kind: 'choose' });
  });

  it('ends at a failure that every other order would have', () => {
    expect(next(looking(exampleTry({ ...gone, failure: failure('rental-no-credit') })))).toMatchObject({
      goal: 'gone',
      failure: 'rental-no-credit',
    });
    expect(isHopeless(failure('rental-unreachable'))).toBe(false);
  });

  it('waits for the proof of the machine before, but not for ever', () => {
    const wait = { ...exampleSight().askedAtMs, destroy: NOW_MS };
    const former = (ms: number) => exampleTry({ ...back, releasedAtMs: NOW_MS - ms, failure: failure('host-timeout') });
    const sight = exampleSight({ askedAtMs: wait });
    expect(next(looking(former(MINUTE_MS)), sight)).toEqual({ kind: 'wait' });
    expect(next(looking(former(3 * MINUTE_MS)), sight)).toEqual({ kind: 'choose' });
    expect(next(looking(exampleTry({ ...back, releasedAtMs: null })), sight)).toEqual({ kind: 'wait' });
  });

  it('rents nothing while it is wanted stopped', () => {
    expect(next(exampleRecord({ goal: 'stopped', state: 'looking', tries: [] }))).toEqual({ state: 'stopped' });
    expect(next(exampleRecord({ goal: 'stopped', state: 'stopped', tries: [] }))).toEqual({ kind: 'wait' });
    const sight = exampleSight({ askedAtMs: { ...exampleSight().askedAtMs, destroy: NOW_MS } });
    expect(next(exampleRecord({ goal: 'stopped', state: 'looking', tries: [exampleTry(back)] }), sight)).toEqual({
      kind: 'wait',
    });
  });
});

describe('a request', () => {
  const asking = (change: object, goal: RentalRecord['goal'] = 'running') =>
    exampleRecord({ state: 'asking', goal, tries: [exampleTry({ ...asked, ...change })] });
  const lately = { sentAtMs: NOW_MS - 1000 };

  it('is sent once, and not at all when nothing is wanted any more', () => {
    expect(next(asking({ sentAtMs: null }))).toEqual({ kind: 'send' });
    expect(next(asking({ sentAtMs: null }, 'stopped'))).toEqual({ state: 'looking', attempt: 'gone' });
    expect(next(asking({ sentAtMs: null }, 'gone'))).toEqual({ state: 'looking', attempt: 'gone' });
  });

  it('whose answer was lost is found by its label, the oldest of several', () => {
    const found = nextRentalAction(
      asking(lately),
      exampleSight({}, exampleSeen({ id: '1000' }), exampleSeen({ id: '501' }), exampleSeen({ id: '9', label: null })),
    );
    expect(told(found)).toEqual({ state: 'coming', attempt: 'there', says: 'note' });
    expect(found).toMatchObject({ change: { attempt: { serviceId: '501' }, hasNewMachine: true } });
    const bare = exampleTry().offer;
    const nameless = { ...lately, offer: { ...bare, gpuName: null, place: null } };
    expect(JSON.stringify(nextRentalAction(asking(nameless), exampleSight()))).toContain('a machine, place not told');
  });

  it('is in doubt until whole lists lacked it for ten minutes, counted from our own start', () => {
    expect(next(asking(lately), NOTHING)).toEqual({ kind: 'wait' });
    expect(next(asking(lately), exampleSight({ list: null }))).toEqual({ kind: 'wait' });
    const old = { sentAtMs: NOW_MS - DOUBT_MS };
    const alarm = failure('rental-outcome-unknown');
    const doubtful = { ...asking(old), alarm };
    expect(next(doubtful, exampleSight({ ...NOTHING, keeperSinceMs: NOW_MS - 1000 }))).toEqual({ kind: 'wait' });
    expect(next(doubtful, NOTHING)).toEqual({ state: 'looking', attempt: 'gone', says: 'warning' });
  });

  it('in doubt is an alarm after a minute, which ends with the doubt', () => {
    expect(next(asking({ sentAtMs: NOW_MS - 2 * MINUTE_MS }), NOTHING)).toEqual({
      alarm: 'rental-outcome-unknown',
      says: 'alarm',
    });
    expect(next(exampleRecord({ alarm: failure('rental-outcome-unknown') }))).toEqual({ alarm: null });
  });
});

describe('giving back', () => {
  it('gives back what is there, asks until it is proven gone, and ends then', () => {
    const record = (...tries: RentalRecord['tries']) => exampleRecord({ goal: 'gone', tries });
    expect(next(record(exampleTry()))).toEqual({ state: 'releasing', attempt: 'releasing', idleSinceMs: null });
    expect(next(record(exampleTry(back)))).toEqual({ kind: 'destroy' });
    const waiting = exampleSight({ askedAtMs: { ...exampleSight().askedAtMs, destroy: NOW_MS } });
    expect(next(record(exampleTry(back)), waiting)).toEqual({ state: 'releasing' });
    expect(next({ ...record(exampleTry(back)), state: 'releasing' }, waiting)).toEqual({ kind: 'wait' });
    const end = nextRentalAction(record(exampleTry({ state: 'gone', goneAtMs: NOW_MS })), NOTHING);
    expect(told(end)).toEqual({ state: 'ended', alarm: null, idleSinceMs: null, hasEnded: true, says: 'note' });
    expect(JSON.stringify(end)).toContain('Billing ended at 08:00 UTC, proven');
    expect(next(exampleRecord({ state: 'ended', tries: [] }))).toEqual({ kind: 'wait' });
  });

  it('does not end before a whole list that was begun since lacks every label', () => {
    const record = (change: object = {}) =>
      exampleRecord({ goal: 'gone', tries: [exampleTry({ state: 'gone', ...change })] });
    const ENDED = { state: 'ended', hasEnded: true };
    expect(next(record())).toEqual({ state: 'releasing' });
    expect(next({ ...record(), state: 'releasing' }, exampleSight({ list: null }))).toEqual({ kind: 'wait' });
    expect(next(record(), exampleSight({}, exampleSeen({ label: null })))).toMatchObject(ENDED);
    const blind = exampleSight({ list: null });
    expect(next(record({ sentAtMs: null }), blind)).toMatchObject(ENDED);
    expect(next(record({ failure: failure('rental-key-refused') }), blind)).toMatchObject(ENDED);
    expect(next(record({ failure: failure('rental-refused') }), blind)).toEqual({ state: 'releasing' });
  });

  it('says that a label is watched on after a request without an answer', () => {
    const doubtful = exampleTry({ ...gone, failure: failure('rental-outcome-unknown') });
    const end = nextRentalAction(exampleRecord({ goal: 'gone', tries: [doubtful] }), NOTHING);
    expect(JSON.stringify(end)).toContain('watched for a day');
  });

  it('is an alarm when it is not proven for five minutes', () => {
    const late = exampleTry({ ...back, releasedAtMs: NOW_MS - 6 * MINUTE_MS });
    expect(next(exampleRecord({ goal: 'gone', state: 'releasing', tries: [late] }))).toEqual({
      alarm: 'rental-release-unproven',
      says: 'alarm',
    });
    expect(next(exampleRecord({ goal: 'gone', tries: [exampleTry({ ...back, releasedAtMs: null })] }))).toEqual({
      kind: 'destroy',
    });
  });

  it('waits for the answer to a request first', () => {
    const record = exampleRecord({ goal: 'gone', tries: [exampleTry({ ...asked, sentAtMs: NOW_MS })] });
    expect(next(record, NOTHING)).toEqual({ kind: 'wait' });
    expect(next(record)).toEqual({ state: 'coming', attempt: 'there', says: 'note' });
    expect(LABEL).toBe(record.tries[0]?.label);
  });
});
