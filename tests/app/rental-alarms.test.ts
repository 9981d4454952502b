import { describe, expect, it } from 'vitest';
import { rentalAlarms } from '../../app/_rental/rental-alarms';
import { FailureError, toFailure } from '../../lib/domain/failure';
import { NO_RENTALS, type RentalBrief, rentalSummaryOf, type StrayBrief } from '../../lib/domain/rental-summary';
import { exampleRental } from '../support/rental-view-examples';

const NOW_MS = Date.parse('2026-01-02T04:00:00.000Z');
const SILENT = toFailure(new FailureError('rental-unreachable', 'vast.ai did not answer.'));

function briefOf(change: Partial<RentalBrief> = {}): RentalBrief {
  const [brief] = rentalSummaryOf([exampleRental()], [], null).rentals;
  if (!brief) throw new Error('the example has not ended');
  return { ...brief, ...change };
}

const strayOf = (change: Partial<StrayBrief>): StrayBrief => ({
  serviceId: '7',
  label: 'quantdeck:a:b',
  choice: 'none',
  chosenAt: '2026-01-02T03:00:00.000Z',
  isOwn: true,
  failure: null,
  nowNanoUsdPerHour: null,
  ...change,
});
const alarmsOf = (change: Partial<RentalBrief>, nowMs: number | null = NOW_MS) =>
  rentalAlarms({ ...NO_RENTALS, rentals: [briefOf(change)] }, nowMs);

describe('rentalAlarms', () => {
  it('has nothing to say of a machine that works, and of none', () => {
    expect(alarmsOf({})).toEqual([]);
    expect(rentalAlarms(NO_RENTALS, NOW_MS)).toEqual([]);
    // Nothing is there that could cost anything: a silent service is no news for every page.
    expect(rentalAlarms({ ...NO_RENTALS, failure: SILENT }, NOW_MS)).toEqual([]);
  });

  it('calls a machine idle once it has been so for two minutes, with how long and what it costs', () => {
    expect(alarmsOf({ idleSince: '2026-01-02T03:58:01.000Z' })).toEqual([]);
    expect(alarmsOf({ idleSince: '2026-01-02T03:00:00.000Z' })).toEqual([
      {
        key: 'idle rental1',
        tone: 'bad',
        title: 'Idle but billing',
        text: 'phi-4 on vast.ai has had nothing to do for 1h 00m, at $0.18/h.',
        href: '/instances/instance1',
      },
    ]);
  });

  it.each(['stopped', 'releasing', 'stopping'] as const)('does not call one idle that is %s', (state) => {
    expect(alarmsOf({ state, idleSince: '2026-01-02T03:00:00.000Z' })).toEqual([]);
  });

  it('knows nothing of idleness while it knows no time', () => {
    expect(alarmsOf({ idleSince: '2026-01-02T03:00:00.000Z' }, null)).toEqual([]);
  });

  it('says once for all rentals that the key is of another account', () => {
    const alarm = toFailure(new FailureError('rental-account-changed', '2 machines of the former one still run.'));
    const rentals = [briefOf({ id: 'a', alarm }), briefOf({ id: 'b', alarm })];
    expect(rentalAlarms({ ...NO_RENTALS, rentals }, NOW_MS)).toEqual([
      {
        key: 'account',
        tone: 'bad',
        title: 'The key belongs to another account',
        text: alarm.message,
        href: '/settings#vast',
      },
    ]);
  });

  it('names what is to be destroyed and is not, once that has failed or takes long', () => {
    const stray = strayOf({ choice: 'destroy' });
    const of = (change: Partial<StrayBrief>, nowMs: number | null = NOW_MS) =>
      rentalAlarms({ ...NO_RENTALS, strays: [{ ...stray, ...change }] }, nowMs).map(({ text }) => text);
    expect(of({ chosenAt: '2026-01-02T03:56:00.000Z' })).toEqual([]);
    expect(of({ chosenAt: '2026-01-02T03:50:00.000Z' }, null)).toEqual([]);
    expect(of({ chosenAt: '2026-01-02T03:50:00.000Z' })).toEqual([
      '7 on vast.ai is to be destroyed for 10m 00s, and may be billed on: price not known.',
    ]);
    expect(of({ chosenAt: '2026-01-02T03:59:50.000Z', failure: SILENT })[0]).toContain('vast.ai did not answer.');
  });

  it('warns of what another Quantdeck may have rented, or this one before its database was lost', () => {
    const strays = [strayOf({ isOwn: false })];
    expect(rentalAlarms({ ...NO_RENTALS, strays }, NOW_MS)).toMatchObject([
      { tone: 'warn', title: 'An instance of another Quantdeck', href: '/instances#vast' },
    ]);
  });

  it('puts what costs money for nothing before what may, and strays that are being destroyed nowhere', () => {
    const alarm = toFailure(new FailureError('rental-release-unproven', 'It is still in the list.'));
    const strays = [
      strayOf({}),
      strayOf({ serviceId: '8', choice: 'destroy', chosenAt: '2026-01-02T03:59:00.000Z', nowNanoUsdPerHour: 1 }),
    ];
    const rentals = [briefOf({ id: 'a', alarm }), briefOf({ id: 'b', idleSince: '2026-01-02T03:00:00.000Z' })];
    const alarms = rentalAlarms({ ...NO_RENTALS, rentals, strays, failure: SILENT }, NOW_MS);
    expect(alarms.map(({ key, tone }) => [key, tone])).toEqual([
      ['idle b', 'bad'],
      ['alarm a', 'bad'],
      ['stray 7', 'bad'],
      ['look', 'warn'],
    ]);
    expect(alarms[2]?.text).toContain('price not known');
  });
});

describe('what comes close to a limit', () => {
  const month = { limitNanoUsd: 10_000_000_000, spentNanoUsd: 8_000_000_000, promisedNanoUsd: 500_000_000 };

  it('is said of a machine at four fifths of its money or its time, until an alarm says more', () => {
    expect(alarmsOf({ spentNanoUsd: 1_599_999_999 })).toEqual([]);
    expect(alarmsOf({ spentNanoUsd: 1_600_000_000 })).toMatchObject([
      { key: 'limit rental1', tone: 'warn', text: expect.stringContaining('$1.60 of $2.00 are spent.') },
    ]);
    const late = Date.parse('2026-01-02T08:00:00.000Z');
    expect(alarmsOf({}, late)).toMatchObject([{ text: expect.stringContaining('Its time is over in 1h 00m.') }]);
    expect(alarmsOf({}, late + 3_600_000)).toMatchObject([{ text: expect.stringContaining('is over now.') }]);
    expect(alarmsOf({ state: 'stopped', spentNanoUsd: 1_600_000_000 })).toEqual([]);
    const alarm = toFailure(new FailureError('rental-budget-reached', 'Files are brought home.'));
    expect(alarmsOf({ alarm, spentNanoUsd: 2_000_000_000 })).toMatchObject([{ key: 'alarm rental1', tone: 'warn' }]);
  });

  it('is said of the month, with what may come yet', () => {
    const near = (change: object) => rentalAlarms({ ...NO_RENTALS, month: { ...month, ...change } }, NOW_MS);
    expect(near({})).toMatchObject([
      {
        key: 'month',
        tone: 'warn',
        text: expect.stringContaining('$8.00 of $10.00 are spent, and what is rented now may'),
      },
    ]);
    expect(near({ promisedNanoUsd: 0 })[0]?.text).toContain('$8.00 of $10.00 are spent. Beyond');
    expect(near({ spentNanoUsd: 7_900_000_000 })).toEqual([]);
    expect(near({ limitNanoUsd: null })).toEqual([]);
    expect(near({ limitNanoUsd: 0, spentNanoUsd: 0 })).toEqual([]);
  });
});
