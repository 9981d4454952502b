import { describe, expect, it } from 'vitest';
import type { Offer } from '../../lib/domain/offer';
import { DEFAULT_OFFER_LIMITS, offerProblems } from '../../lib/domain/offer-problem';
import { rankOffers } from '../../lib/domain/rank-offers';
import { DEFAULT_CALIBRATION } from '../../lib/domain/rental-calibration';
import { exampleOffer, exampleWork } from '../support/rental-examples';
import { pickFrom, seededRandom } from '../support/seeded-random';

const rank = (offers: readonly Offer[], limits = DEFAULT_OFFER_LIMITS, work = exampleWork()) =>
  rankOffers(offers, work, limits, () => DEFAULT_CALIBRATION);

describe('what speaks against an offer', () => {
  it('is nothing when the machine can do the job, a processor that is not named included', () => {
    expect(offerProblems(exampleOffer({ cpuArchitecture: null }), exampleWork(), DEFAULT_OFFER_LIMITS)).toEqual([]);
  });

  it.each<[string, Partial<Offer>, number | null, number | null]>([
    ['not-verified', { isVerified: false }, null, null],
    ['not-rentable', { isRentable: false }, null, null],
    ['already-rented', { isRented: true }, null, null],
    ['not-on-demand', { isOnDemand: false }, null, null],
    ['wrong-cpu', { cpuArchitecture: 'arm64' }, null, null],
    ['no-avx', { hasAvx: false }, null, null],
    ['no-direct-port', { directPortCount: 0 }, 0, 1],
    ['disk-too-small', { diskBytes: 95e9 }, 95e9, 96e9],
    ['memory-too-small', { memoryBytes: 5e9 }, 5e9, 6e9],
    ['line-too-slow', { downBitsPerSecond: 4e8 }, 4e8, 5e8],
    ['not-reliable', { reliability: 0.9 }, 0.9, 0.97],
  ])('is %s for %j', (code, change, actual, needed) => {
    expect(offerProblems(exampleOffer(change), exampleWork(), DEFAULT_OFFER_LIMITS)).toEqual([
      { code, actual, needed },
    ]);
  });

  it('is also what the estimate shows: too dear, too short, no estimate, and a machine that failed before', () => {
    const limits = { ...DEFAULT_OFFER_LIMITS, mostTotalNanoUsd: 1, avoidedMachineIds: new Set(['77']) };
    const { ranked, refused, reason } = rank(
      [exampleOffer(), exampleOffer({ id: '2', machineId: '78', availableMs: 1000, upBitsPerSecond: 0 })],
      limits,
    );
    expect({ ranked, reason }).toEqual({ ranked: [], reason: null });
    expect(refused.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      ['no-estimate'],
      ['machine-avoided', 'too-dear'],
    ]);
    expect(rank([exampleOffer({ availableMs: 3_600_000 })]).refused[0]?.problems[0]).toMatchObject({
      code: 'ends-too-soon',
      actual: 3_600_000,
    });
    expect(rank([exampleOffer({ availableMs: null })]).ranked).toHaveLength(1);
  });
});

describe('the ranking of offers', () => {
  it('looks at the whole bill: a cheap hour with dear traffic comes second', () => {
    const cheapHour = exampleOffer({
      id: '1',
      baseNanoUsdPerHour: 36_000_000,
      downNanoUsdPerGb: 2e7,
      upNanoUsdPerGb: 2e7,
    });
    const freeTraffic = exampleOffer({
      id: '2',
      baseNanoUsdPerHour: 200_000_000,
      downNanoUsdPerGb: 0,
      upNanoUsdPerGb: 0,
    });
    const { ranked, reason } = rank([cheapHour, freeTraffic]);
    expect(ranked.map(({ offer }) => offer.id)).toEqual(['2', '1']);
    expect(reason).toMatch(
      /^It is \$0\.\d{3} cheaper than the next one, mostly for traffic into it: about \$0\.\d{3} and /,
    );
  });

  it('says why the first is first', () => {
    const reasonOf = (first: Partial<Offer>, second: Partial<Offer>) =>
      rank([exampleOffer({ id: '1', ...first }), exampleOffer({ id: '2', ...second })]).reason;
    expect(rank([exampleOffer()]).reason).toMatch(/^It is the only machine that can do this job: about \$/);
    expect(reasonOf({ cores: 32, baseNanoUsdPerHour: 190_000_000 }, { cores: 2 })).toMatch(/^It is \$/);
    expect(reasonOf({ downBitsPerSecond: 5e9, baseNanoUsdPerHour: 220_000_000 }, {})).toMatch(
      /^It is done \d+m \d\ds sooner than the next one, for \$0\.\d+ more: /,
    );
    const sent = rank([exampleOffer()], DEFAULT_OFFER_LIMITS, exampleWork({ sourceFrom: 'dashboard' }));
    expect(sent.reason).toMatch(/ in all, 1h 37m of it to send the checkpoint over the dashboard's own line\.$/);
    expect(reasonOf({}, { reliability: 0.975, baseNanoUsdPerHour: 179_900_000 })).toMatch(/^It costs hardly more/);
    expect(reasonOf({ baseNanoUsdPerHour: 1 }, { cores: 20 })).toMatch(
      /mostly for the machine itself, though it takes/,
    );
    expect(reasonOf({ storageNanoUsdPerGbMonth: 0 }, { storageNanoUsdPerGbMonth: 9e9 })).toMatch(/for its disk: /);
  });

  it('does not depend on the order given, takes each offer once, and puts equals by their ids', () => {
    const random = seededRandom(3);
    const offers = Array.from({ length: 60 }, (_, at) =>
      exampleOffer({
        id: String(at % 50),
        baseNanoUsdPerHour: pickFrom(random, [1e8, 2e8]),
        reliability: pickFrom(random, [0.9, 0.98, 1.2]),
      }),
    );
    const expected = rank(offers.slice(0, 50));
    for (let turn = 0; turn < 20; turn += 1) {
      const shuffled = offers.slice(0, 50).sort(() => random() - 0.5);
      expect(rank(shuffled)).toEqual(expected);
    }
    expect(rank(offers).ranked.length + rank(offers).refused.length).toBe(50);
    expect(rank(['10', '9', '11', '9'].map((id) => exampleOffer({ id }))).ranked.map(({ offer }) => offer.id)).toEqual([
      '9',
      '10',
      '11',
    ]);
    const scores = expected.ranked.map(({ scoreNanoUsd }) => scoreNanoUsd);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
  });
});
