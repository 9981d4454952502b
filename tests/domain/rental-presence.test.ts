import { describe, expect, it } from 'vitest';
import { type Failure, FailureError } from '../../lib/domain/failure';
import { nextRentalAction } from '../../lib/domain/next-rental-action';
import { usableImages } from '../../lib/domain/rental-coming';
import { RENTAL_IMAGE_NAMES, type RentalImageName } from '../../lib/domain/rental-image';
import { presentTry, type RentalRecord, type RentalSight } from '../../lib/domain/rental-record';
import { exampleRecord, exampleSeen, exampleSight, exampleTry, MINUTE_MS, NOW_MS, told } from '../support/rental-cases';

const next = (record: RentalRecord, sight: RentalSight = exampleSight()) => told(nextRentalAction(record, sight));
const failure = (code: Failure['code']) => new FailureError(code, `about ${code}`).failure;
const seenAs = (change: Parameters<typeof exampleSeen>[0], sight: Partial<RentalSight> = {}) =>
  exampleSight(sight, exampleSeen(change));
const STOPPED = { actualStatus: 'exited', intendedStatus: 'stopped', currentState: 'stopped', endpoints: [] };
const QUEUED = { ...STOPPED, intendedStatus: 'running' };
const LOADING = { actualStatus: 'loading', statusText: 'Pulling fs layer', endpoints: [] };
const NEVER = { knockedAtMs: null };

/** A try whose image its registry did not have. */
const withoutImage = (image: RentalImageName) =>
  exampleTry({
    state: 'gone',
    estimate: { ...exampleTry().estimate, image },
    failure: { ...failure('rental-machine-broken'), evidence: ['loading: manifest unknown'] },
  });

describe('a machine on its way', () => {
  const coming = (change: object = {}) =>
    exampleRecord({ state: 'coming', tries: [exampleTry({ reachableAtMs: null, ...change })] });

  it('is waited for while it loads, and knocked at once it runs', () => {
    expect(next(coming(), seenAs(LOADING))).toEqual({ kind: 'wait' });
    expect(next(coming(), seenAs({ endpoints: [] }, NEVER))).toEqual({ kind: 'wait' });
    expect(next(coming(), seenAs({}, NEVER))).toEqual({ kind: 'reach' });
    expect(next(coming(), seenAs({}))).toEqual({ kind: 'wait' });
    expect(next(coming(), exampleSight({ list: null }))).toEqual({ kind: 'wait' });
    const answers = nextRentalAction(coming(), seenAs({}, NEVER));
    expect(answers).toMatchObject({ change: { attempt: { reachableAtMs: NOW_MS }, rental: { state: 'ready' } } });
  });

  it('that came with a smaller disk than was asked for is used, with a warning', () => {
    const { diskGb } = exampleTry().estimate;
    const said = (diskBytes: number | null) =>
      nextRentalAction(coming(), seenAs({ diskBytes }, NEVER)) as { change: { event: unknown } };
    for (const enough of [null, diskGb * 1e9, 0.96 * diskGb * 1e9])
      expect(said(enough).change.event).toEqual({ level: 'note', text: 'The machine answers by SSH.' });
    expect(said((diskGb / 2) * 1e9).change.event).toEqual({
      level: 'warning',
      text: `The machine answers by SSH, but its disk has ${Math.round(diskGb / 2)} GB and ${diskGb} GB were asked for.`,
    });
  });

  it('says in words why it broke down, and what it was last busy with', () => {
    const reasonOf = (change: object, phaseSinceMs = NOW_MS) =>
      JSON.stringify(nextRentalAction(coming({ phaseSinceMs }), seenAs({ ...LOADING, ...change })));
    expect(reasonOf({ statusText: 'no space left on device' })).toContain(
      'The machine broke down before it could be used. The machine’s own disk is full.',
    );
    expect(reasonOf({ actualStatus: 'exited' })).toContain('The machine broke down before it could be used.","');
    expect(reasonOf(LOADING, NOW_MS - 12 * MINUTE_MS)).toContain('The machine kept loading its image for 12m');
    expect(reasonOf({ actualStatus: 'odd' }, NOW_MS - 5 * MINUTE_MS)).toContain('The machine kept waiting for 5m');
  });

  it('that breaks down is given back and avoided', () => {
    const GIVEN_BACK = { state: 'looking', attempt: 'releasing', avoids: '77', says: 'warning' };
    expect(next(coming(), seenAs({ actualStatus: 'exited' }))).toEqual(GIVEN_BACK);
    expect(next(coming(), seenAs({ actualStatus: 'loading', statusText: 'no space left on device' }))).toEqual(
      GIVEN_BACK,
    );
    expect(next(coming({ phaseSinceMs: NOW_MS - 12 * MINUTE_MS }), seenAs(LOADING))).toEqual(GIVEN_BACK);
    expect(next(coming({ thereAtMs: NOW_MS - 15 * MINUTE_MS }), seenAs({}))).toEqual(GIVEN_BACK);
    expect(next(coming({ phaseSinceMs: NOW_MS - 5 * MINUTE_MS }), seenAs({ actualStatus: 'odd' }))).toEqual(GIVEN_BACK);
    expect(next(coming({ thereAtMs: null, phaseSinceMs: null }), seenAs(LOADING))).toEqual({ kind: 'wait' });
  });

  it('is followed by one with another image when its image is nowhere, and nothing is held against it', () => {
    const sight = seenAs({ actualStatus: 'loading', statusText: 'manifest unknown' });
    expect(next(coming(), sight)).toEqual({ state: 'looking', attempt: 'releasing', says: 'warning' });
    expect(usableImages([])).toEqual(RENTAL_IMAGE_NAMES);
    expect(usableImages([exampleTry({ failure: failure('rental-machine-broken') })])).toEqual(RENTAL_IMAGE_NAMES);
    expect(usableImages([withoutImage('ubuntu')])).toEqual(['llama-cpp-full', 'cuda-base', 'vast-base']);
  });

  it('ends the rental when every machine would fail like it', () => {
    const before = RENTAL_IMAGE_NAMES.filter((name) => name !== 'llama-cpp-full').map(withoutImage);
    const record = coming();
    const last = { ...record, tries: [...before, ...record.tries] };
    expect(next(last, seenAs({ actualStatus: 'loading', statusText: 'manifest unknown' }))).toEqual({
      goal: 'gone',
      state: 'releasing',
      failure: 'rental-machine-broken',
      attempt: 'releasing',
      says: 'alarm',
    });
  });

  it.each([
    ['host-timeout', 2],
    ['ssh-auth-refused', 4],
    ['host-refused', 6],
  ] as const)('that runs and says %s is given up after %i minutes', (code, minutes) => {
    const failing = (ms: number) => coming({ failingSinceMs: NOW_MS - ms, failingWith: failure(code) });
    expect(next(failing(minutes * MINUTE_MS - 1), seenAs({}))).toEqual({ kind: 'wait' });
    // What was so before a restart is looked at once more.
    expect(next(failing(minutes * MINUTE_MS), seenAs({}, NEVER))).toEqual({ kind: 'reach' });
    const end = nextRentalAction(failing(minutes * MINUTE_MS), seenAs({}));
    expect(told(end)).toMatchObject({ attempt: 'releasing', avoids: '77' });
    expect(JSON.stringify(end)).toContain(`about ${code}`);
  });

  it('is started when somebody stopped it, and stopped when that is wanted', () => {
    expect(next(coming(), seenAs(STOPPED))).toEqual({ kind: 'start' });
    expect(next({ ...coming(), goal: 'stopped' }, seenAs(LOADING))).toEqual({ kind: 'stop' });
  });

  it('that never appeared is given up only when its absence is proven', () => {
    const none = { list: { readAtMs: NOW_MS, instances: [] } };
    expect(next(coming({ thereAtMs: NOW_MS - MINUTE_MS }), exampleSight(none))).toEqual({ kind: 'wait' });
    expect(next(coming({ thereAtMs: null }), exampleSight(none))).toEqual({ kind: 'wait' });
    const proof = nextRentalAction(coming(), exampleSight(none));
    expect(proof).toMatchObject({
      kind: 'prove',
      change: { rental: { state: 'looking' }, attempt: { state: 'gone' } },
    });
    expect(nextRentalAction({ ...coming(), goal: 'stopped' }, exampleSight(none))).toMatchObject({
      kind: 'prove',
      change: { rental: {} },
    });
  });
});

describe('a machine that was used', () => {
  const record = (state: RentalRecord['state'], change: Partial<RentalRecord> = {}) =>
    exampleRecord({ state, ...change });
  const knocked = (agoMs: number) => seenAs({}, { knockedAtMs: NOW_MS - agoMs });
  const failing = (state: RentalRecord['state'], ms: number, failingWith: Failure | null = failure('host-timeout')) =>
    record(state, { tries: [exampleTry({ failingSinceMs: NOW_MS - ms, failingWith })] });

  it('has its lease touched every two minutes, and is knocked at more often when it does not answer', () => {
    expect(next(record('ready'), knocked(MINUTE_MS))).toEqual({ kind: 'wait' });
    expect(nextRentalAction(record('ready'), knocked(2 * MINUTE_MS))).toMatchObject({
      kind: 'reach',
      change: null,
    });
    expect(next(failing('ready', MINUTE_MS), knocked(6000))).toEqual({ kind: 'reach' });
  });

  it('is lost after three minutes of silence or when the service says so, and found again', () => {
    const LOST = { state: 'lost', idleSinceMs: null, says: 'warning' };
    expect(next(failing('ready', 3 * MINUTE_MS))).toEqual(LOST);
    expect(next(failing('ready', 3 * MINUTE_MS, null))).toEqual(LOST);
    expect(next(failing('ready', 3 * MINUTE_MS), seenAs({}, NEVER))).toEqual({ kind: 'reach' });
    expect(next(record('ready'), seenAs({ actualStatus: 'offline' }))).toEqual(LOST);
    expect(next(record('lost'), seenAs({ actualStatus: 'offline' }))).toEqual({ kind: 'wait' });
    const again = nextRentalAction(failing('lost', MINUTE_MS), knocked(6000));
    expect(again).toMatchObject({ kind: 'reach', change: { rental: { state: 'ready' } } });
    expect(JSON.stringify(again)).toContain('answers by SSH again');
  });

  it('is an alarm when it stays lost', () => {
    const lost = record('lost', { stateSinceMs: NOW_MS - 11 * MINUTE_MS });
    const alarm = { alarm: 'rental-machine-lost', says: 'alarm' };
    expect(next(lost, seenAs({ actualStatus: 'offline' }))).toEqual(alarm);
    const { tries } = failing('lost', MINUTE_MS);
    const shown = nextRentalAction({ ...lost, tries, seen: exampleSeen({ statusText: 'gone' }) }, exampleSight());
    expect(shown).toMatchObject({ change: { rental: { alarm: { evidence: ['about host-timeout', 'gone'] } } } });
    expect(next({ ...lost, tries: [] })).toEqual(alarm);
    // It stays as it was written, so it names no duration.
    expect(JSON.stringify(shown)).toContain('not been reachable since 07:49 UTC');
  });

  it('is started when it stands still and is wanted, a minute between two requests', () => {
    const pause = (ms: number) => ({ askedAtMs: { ...exampleSight().askedAtMs, start: NOW_MS - ms } });
    expect(next(record('stopped'), seenAs(STOPPED))).toEqual({ kind: 'start' });
    expect(next(record('ready'), seenAs(QUEUED, pause(1000)))).toEqual({ kind: 'wait' });
    expect(next(record('starting'), seenAs(QUEUED, pause(MINUTE_MS)))).toEqual({ kind: 'start' });
    const startAskedAtMs = NOW_MS - 1000;
    expect(next(record('starting', { startAskedAtMs }), seenAs({ actualStatus: 'exited' }))).toEqual({ kind: 'wait' });
    expect(next(record('stopped', { startAskedAtMs }), seenAs({ actualStatus: 'exited' }))).toEqual({
      state: 'starting',
    });
  });

  it('that does not start is left stopped, with an alarm that stays', () => {
    const starting = record('starting', { stateSinceMs: NOW_MS - 15 * MINUTE_MS });
    expect(next(starting, seenAs(QUEUED))).toEqual({ goal: 'stopped', alarm: 'rental-start-queued', says: 'alarm' });
    const held = record('stopped', { goal: 'stopped', alarm: failure('rental-start-queued') });
    expect(next(held, seenAs(STOPPED))).toEqual({ kind: 'wait' });
    expect(next({ ...held, goal: 'running' }, seenAs(STOPPED))).toEqual({ alarm: null });
  });

  it('is stopped until it is seen stopped', () => {
    const wanted = (state: RentalRecord['state']) => record(state, { goal: 'stopped' });
    const pause = { askedAtMs: { ...exampleSight().askedAtMs, stop: NOW_MS - 1000 } };
    expect(next(wanted('ready'))).toEqual({ kind: 'stop' });
    expect(next(wanted('stopping'), seenAs({}, pause))).toEqual({ kind: 'wait' });
    expect(next(wanted('stopping'), seenAs(STOPPED))).toEqual({ state: 'stopped', idleSinceMs: null, says: 'note' });
    expect(next(wanted('stopped'), seenAs(STOPPED))).toEqual({ kind: 'wait' });
    expect(next(wanted('stopped'), seenAs(QUEUED))).toEqual({ kind: 'stop' });
  });

  it('that is gone from the account takes the rental with it', () => {
    const proof = nextRentalAction(record('ready'), exampleSight({ list: { readAtMs: NOW_MS, instances: [] } }));
    expect(proof).toMatchObject({
      kind: 'prove',
      change: { rental: { goal: 'gone', failure: { code: 'rental-machine-lost' } }, attempt: { state: 'gone' } },
    });
    expect(presentTry(exampleRecord({ tries: [] }))).toBeNull();
  });

  it('that does not stop is an alarm after five minutes, with why', () => {
    const asked = (minutes: number, change: Partial<RentalRecord> = {}) =>
      record('ready', { goal: 'stopped', goalAtMs: NOW_MS - minutes * MINUTE_MS, ...change });
    expect(next(asked(4))).toEqual({ kind: 'stop' });
    expect(next(asked(5))).toEqual({ alarm: 'rental-not-obeying', says: 'alarm' });
    const refused = nextRentalAction(
      asked(5, { state: 'stopping', requestFailure: failure('rental-key-scope') }),
      exampleSight(),
    );
    expect(JSON.stringify(refused)).toContain('still billed in full');
    expect(JSON.stringify(refused)).toContain('about rental-key-scope');
    expect(next(asked(5, { state: 'stopped' }), seenAs(STOPPED))).toEqual({ kind: 'wait' });
    expect(next(asked(5, { tries: [] }))).toEqual({ state: 'stopped' });
  });

  it('whose start is refused again and again is an alarm', () => {
    const asked = (minutes: number, change: Partial<RentalRecord> = {}) =>
      record('stopped', {
        goalAtMs: NOW_MS - minutes * MINUTE_MS,
        requestFailure: failure('rental-unreachable'),
        ...change,
      });
    expect(next(asked(4), seenAs(STOPPED))).toEqual({ kind: 'start' });
    expect(next(asked(5), seenAs(STOPPED))).toEqual({ alarm: 'rental-not-obeying', says: 'alarm' });
    expect(next(asked(5, { requestFailure: null }), seenAs(STOPPED))).toEqual({ kind: 'start' });
    expect(next(asked(5, { state: 'ready' }))).toEqual({ kind: 'wait' });
    expect(next(asked(5, { state: 'lost', stateSinceMs: NOW_MS - MINUTE_MS }))).toEqual({ kind: 'wait' });
  });

  it('that was started and cannot be reached is lost after six minutes, as is one that stays away', () => {
    const LOST = { state: 'lost', idleSinceMs: null, says: 'warning' };
    const silent = (ms: number) =>
      record('starting', {
        tries: [exampleTry({ failingSinceMs: NOW_MS - ms, failingWith: failure('host-timeout') })],
      });
    expect(next(silent(6 * MINUTE_MS - 1))).toEqual({ kind: 'wait' });
    expect(next(silent(6 * MINUTE_MS))).toEqual(LOST);
    const away = (actualStatus: string, minutes: number) =>
      next(
        record('starting', { tries: [exampleTry({ phaseSinceMs: NOW_MS - minutes * MINUTE_MS })] }),
        seenAs({ actualStatus }),
      );
    for (const status of ['offline', 'unknown', 'frozen']) {
      expect(away(status, 5)).toEqual({ kind: 'wait' });
      expect(away(status, 6)).toEqual(LOST);
    }
    const unseen = record('starting', { tries: [exampleTry({ phaseSinceMs: null })] });
    expect(next(unseen, seenAs({ actualStatus: 'offline' }))).toEqual({ kind: 'wait' });
    // Whatever it does, a quarter of an hour is enough.
    const long = record('starting', { stateSinceMs: NOW_MS - 15 * MINUTE_MS });
    expect(next(long, seenAs({ actualStatus: 'loading' }))).toEqual(LOST);
    expect(next(long, seenAs({ endpoints: [] }))).toEqual(LOST);
  });
});
