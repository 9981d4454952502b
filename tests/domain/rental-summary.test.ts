import { describe, expect, it } from 'vitest';
import type { RentalView, RentalWatchView, StrayInstanceView } from '../../lib/domain/rental';
import { foreignInstances, NO_RENTALS, rateOf, rentalSummaryOf } from '../../lib/domain/rental-summary';
import { exampleRental, exampleSeen } from '../support/rental-view-examples';

const watchOf = (change: Partial<RentalWatchView> = {}): RentalWatchView => ({
  readAt: '2026-01-02T03:04:05.000Z',
  instances: [],
  failure: null,
  creditNanoUsd: 12_000_000_000,
  creditAt: null,
  ...change,
});

const strayOf = (serviceId: string, choice: StrayInstanceView['choice']): StrayInstanceView => ({
  serviceId,
  label: `quantdeck:here:${serviceId}`,
  seen: exampleSeen({ id: serviceId, actualStatus: 'exited', intendedStatus: 'stopped', currentState: 'stopped' }),
  firstSeenAt: '2026-01-02T03:00:00.000Z',
  lastSeenAt: '2026-01-02T03:04:00.000Z',
  choice,
  chosenAt: null,
  isOwn: true,
  failure: null,
});

describe('rentalSummaryOf', () => {
  it('counts what was given back without proof, and what no list has, once each', () => {
    const [example] = exampleRental().tries;
    if (!example) throw new Error('the example has a try');
    const former = { ...example, id: 'former', serviceId: '5', state: 'releasing' } as const;
    const seen = exampleSeen({ id: '5' });
    const looking = exampleRental({ state: 'looking', seen, tries: [former] });
    const rate = (rental: RentalView, watch: RentalWatchView | null) =>
      rentalSummaryOf([rental], [], watch).nowNanoUsdPerHour;
    expect(rate(looking, watchOf({ instances: [seen] }))).toBe(180_000_000);
    expect(rate(looking, watchOf())).toBe(180_000_000);
    expect(rate({ ...looking, seen: null }, null)).toBe(former.estimate.nanoUsdPerHour);
    const asking = { ...example, id: 'next', serviceId: null, state: 'asking' } as const;
    expect(rate({ ...looking, state: 'asking', tries: [former, asking] }, watchOf({ instances: [seen] }))).toBeNull();
    // Proven gone after the list was read.
    const gone = { ...former, state: 'gone' } as const;
    expect(rate({ ...looking, tries: [gone] }, watchOf({ instances: [seen] }))).toBe(0);
  });

  it('adds up what runs, whoever rented it, and counts no machine twice', () => {
    const running = exampleRental();
    const [first] = running.tries;
    const instances = [exampleSeen({ id: first?.serviceId ?? '' }), exampleSeen({ id: '99', label: 'mine' })];
    const strays = [strayOf('50', 'none'), strayOf('51', 'destroy'), strayOf('52', 'ignore')];
    const summary = rentalSummaryOf([running], strays, watchOf({ instances }));
    // One of ours and one by hand at full price; three strays that are stopped pay for their disks.
    expect(summary.nowNanoUsdPerHour).toBe(2 * 180_000_000 + 3 * 4_000_000);
    expect(summary.machineCount).toBe(2);
    expect(summary.strays.map(({ serviceId, choice }) => [serviceId, choice])).toEqual([
      ['50', 'none'],
      ['51', 'destroy'],
    ]);
    expect(summary.rentals).toEqual([
      {
        id: running.id,
        instanceId: running.instanceId,
        instanceName: running.instanceName,
        state: 'ready',
        phase: 'running',
        spentNanoUsd: 90_000_000,
        spentParts: { machineNanoUsd: 80_000_000, diskNanoUsd: 9_000_000, trafficNanoUsd: 1_000_000 },
        mostNanoUsd: 2_000_000_000,
        nowNanoUsdPerHour: 180_000_000,
        idleSince: null,
        deadlineAt: '2026-01-02T09:00:00.000Z',
        warnsAt: '2026-01-02T07:48:00.000Z',
        alarm: null,
      },
    ]);
    expect(summary.creditNanoUsd).toBe(12_000_000_000);
  });

  it('does not call a sum known of which a part is not', () => {
    const unknown = exampleRental({ seen: exampleSeen({ runningNanoUsdPerHour: null }) });
    expect(rentalSummaryOf([unknown, exampleRental()], [], null).nowNanoUsdPerHour).toBeNull();
  });

  it('keeps an ended rental out, and its machine from counting as a stranger in a look that is older than its end', () => {
    const ended = exampleRental({ state: 'ended', endedAt: '2026-01-02T03:04:04.000Z' });
    const instances = [exampleSeen({ id: ended.tries[0]?.serviceId ?? '' })];
    const summary = rentalSummaryOf([ended], [], watchOf({ instances }));
    expect(summary.rentals).toEqual([]);
    expect(summary.nowNanoUsdPerHour).toBe(0);
  });

  it('tells what is neither ours nor a stray', () => {
    const ours = exampleRental();
    const instances = ['99', '50', ours.tries[0]?.serviceId ?? ''].map((id) => exampleSeen({ id }));
    const unanswered = { ...ours, tries: ours.tries.map((each) => ({ ...each, serviceId: null })) };
    const found = foreignInstances([ours, unanswered], [strayOf('50', 'ignore')], watchOf({ instances }));
    expect(found.map(({ id }) => id)).toEqual(['99']);
    expect(foreignInstances([], [], null)).toEqual([]);
  });

  it('says nothing where nothing was looked at, and ignores requests that no machine came of', () => {
    expect(rentalSummaryOf([], [], null)).toEqual(NO_RENTALS);
    const asking: RentalView = exampleRental();
    const tries = asking.tries.map((each) => ({ ...each, serviceId: null, state: 'gone' as const }));
    const instances = [exampleSeen({ id: 'x' })];
    const summary = rentalSummaryOf([{ ...asking, tries }], [], watchOf({ instances }));
    expect(summary.nowNanoUsdPerHour).toBe(rateOfOne());
  });
});

function rateOfOne(): number {
  const rate = rateOf(exampleSeen());
  if (rate === null) throw new Error('the example has a price');
  return rate;
}
