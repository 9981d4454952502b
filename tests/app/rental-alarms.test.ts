import { describe, expect, it } from 'vitest';
import { rentalAlarms } from '../../app/_rental/rental-alarms';
import { FailureError, toFailure } from '../../lib/domain/failure';
import { NO_RENTALS, type RentalBrief, rentalSummaryOf } from '../../lib/domain/rental-summary';
import { exampleRental } from '../support/rental-view-examples';

const NOW_MS = Date.parse('2026-01-02T04:00:00.000Z');
const SILENT = toFailure(new FailureError('rental-unreachable', 'vast.ai did not answer.'));

function briefOf(change: Partial<RentalBrief> = {}): RentalBrief {
  const [brief] = rentalSummaryOf([exampleRental()], [], null).rentals;
  if (!brief) throw new Error('the example has not ended');
  return { ...brief, ...change };
}

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

  it('puts what costs money for nothing before what may, and strays that were decided about nowhere', () => {
    const alarm = toFailure(new FailureError('rental-release-unproven', 'It is still in the list.'));
    const strays = [
      { serviceId: '7', label: 'quantdeck:a:b', choice: 'none', nowNanoUsdPerHour: null },
      { serviceId: '8', label: 'quantdeck:a:c', choice: 'destroy', nowNanoUsdPerHour: 1 },
    ] as const;
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
