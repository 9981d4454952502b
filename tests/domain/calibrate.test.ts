import { describe, expect, it } from 'vitest';
import { calibrate } from '../../lib/domain/calibrate';
import { DEFAULT_CALIBRATION } from '../../lib/domain/rental-calibration';
import { estimateRental } from '../../lib/domain/rental-estimate';
import type { RentalImageName } from '../../lib/domain/rental-image';
import { expectedMs, type MeasuredPart, type RentalOutcome } from '../../lib/domain/rental-outcome';
import { exampleOffer, exampleWork } from '../support/rental-examples';

const work = exampleWork({ imatrixTokens: 2100 });

/** A job that took so many times longer than the defaults say, in the parts that are named. */
function outcome(
  factors: Partial<Record<MeasuredPart, number>>,
  machineId = '77',
  done = work,
  images?: readonly RentalImageName[],
): RentalOutcome {
  const offer = exampleOffer({ machineId });
  const predicted = estimateRental(offer, done, DEFAULT_CALIBRATION, images);
  if (predicted === null) throw new Error('no estimate');
  const of = (part: MeasuredPart) => {
    const factor = factors[part];
    return factor === undefined ? null : Math.round(expectedMs(part, predicted.times) * factor);
  };
  return {
    rentalId: 'r',
    jobId: 'j',
    jobName: 'tiny',
    offer,
    work: done,
    predicted,
    times: {
      loadMs: of('loadMs'),
      setUpMs: of('setUpMs'),
      downloadMs: of('downloadMs'),
      convertMs: of('convertMs'),
      imatrixMs: of('imatrixMs'),
      quantizeMs: of('quantizeMs'),
      bringHomeMs: of('bringHomeMs'),
    },
    totalMs: null,
    totalNanoUsd: 0,
    isCharged: false,
    endedAt: null,
  };
}

const timesWith = (outcomes: RentalOutcome[], machineId: string) => {
  const offer = exampleOffer({ machineId });
  // With the image that was measured: experience may choose another.
  return estimateRental(offer, work, calibrate(outcomes)(offer), ['llama-cpp-full'])?.times;
};
const defaults = estimateRental(exampleOffer(), work, DEFAULT_CALIBRATION)?.times;

describe('what finished jobs teach', () => {
  it('is nothing without any', () => {
    expect(calibrate([])({ machineId: '1' })).toEqual(DEFAULT_CALIBRATION);
  });

  it('makes the next estimate agree with the last job, part by part', () => {
    const all = {
      loadMs: 1.5,
      setUpMs: 0.5,
      downloadMs: 2,
      convertMs: 3,
      imatrixMs: 2,
      quantizeMs: 1.5,
      bringHomeMs: 2,
    };
    const times = timesWith([outcome(all)], 'another');
    for (const [part, factor] of Object.entries(all)) {
      if (!times || !defaults) throw new Error('no estimate');
      const expected = expectedMs(part as MeasuredPart, defaults) * factor;
      expect(expectedMs(part as MeasuredPart, times) / expected, part).toBeCloseTo(1, 2);
    }
  });

  it('is the median of all jobs for a machine that is new, and its own for one that was rented before', () => {
    const jobs = [
      outcome({ quantizeMs: 1 }, 'a'),
      outcome({ quantizeMs: 2 }, 'b'),
      outcome({ quantizeMs: 3 }, 'c'),
      outcome({ quantizeMs: 3 }, 'c'),
    ];
    const quantize = (machineId: string) => (timesWith(jobs, machineId)?.quantizeMs ?? 0) / (defaults?.quantizeMs ?? 1);
    expect(quantize('new')).toBeCloseTo(2.5, 2);
    expect(quantize('a')).toBeCloseTo(1, 2);
    expect(quantize('c')).toBeCloseTo(3, 2);
  });

  it('takes from all jobs what those of a machine did not measure', () => {
    const jobs = [outcome({ convertMs: 2 }, 'a'), outcome({ bringHomeMs: 2 }, 'b')];
    expect(calibrate(jobs)({ machineId: 'b' })).toEqual({
      ...DEFAULT_CALIBRATION,
      convertBytesPerSecond: DEFAULT_CALIBRATION.convertBytesPerSecond / calibrateRatio(jobs[0]),
      homeBitsPerSecond: expect.any(Number),
      upShare: expect.any(Number),
    });
  });

  it('moves an image by what was measured of that image, and no other', () => {
    const jobs = [
      outcome({ loadMs: 2, setUpMs: 3 }, 'a', work, ['llama-cpp-full']),
      outcome({ loadMs: 1, setUpMs: 0.5 }, 'b', work, ['ubuntu']),
      outcome({ loadMs: 4 }, 'b', work, ['llama-cpp-full']),
      outcome({ convertMs: 2 }, 'c', work, ['cuda-base']),
    ];
    const factors = (machineId: string) => calibrate(jobs)({ machineId }).images;
    const near = (value: number) => expect.closeTo(value, 3);
    expect(factors('new')).toEqual({
      'llama-cpp-full': { loadFactor: near(3), setUpFactor: near(3) },
      ubuntu: { loadFactor: near(1), setUpFactor: near(0.5) },
    });
    expect(factors('b')['llama-cpp-full']).toEqual({ loadFactor: near(4), setUpFactor: near(3) });
    expect(factors('c')).toEqual(factors('new'));
  });

  it('takes jobs from before images were chosen for the one that there was', () => {
    const { image: _, ...predicted } = outcome({}).predicted;
    const old = { ...outcome({ setUpMs: 1 }, '77', work, ['vast-base']), predicted };
    expect(calibrate([old])({ machineId: '1' }).images).toEqual({ 'vast-base': { setUpFactor: expect.closeTo(1, 3) } });
    const { startMs, ...times } = predicted.times;
    expect(expectedMs('loadMs', times)).toBe(expectedMs('loadMs', predicted.times) - startMs);
  });

  it('believes no share above the whole of a line, and no factor above four', () => {
    const quick = calibrate([outcome({ downloadMs: 0.3, bringHomeMs: 0.3 })])({ machineId: '1' });
    expect([quick.downShare, quick.upShare]).toEqual([1, 1]);
    const slow = calibrate([outcome({ quantizeMs: 100 })])({ machineId: '1' });
    expect(slow.otherQuantizeSecondsPerBillion).toBe(4 * DEFAULT_CALIBRATION.otherQuantizeSecondsPerBillion);
  });

  it('learns nothing of an offer that cannot be estimated, nor of what takes no time', () => {
    const noLine = { ...outcome({ quantizeMs: 3 }), offer: exampleOffer({ upBitsPerSecond: 0 }) };
    const instant = { ...outcome({}), times: { ...outcome({}).times, imatrixMs: 0 } };
    const small = { ...outcome({ downloadMs: 2 }), work: exampleWork({ sourceBytes: 100 }) };
    expect(calibrate([noLine, instant, small])({ machineId: '77' })).toEqual(DEFAULT_CALIBRATION);
  });
});

describe('a line that checkpoints were sent over', () => {
  const sent = exampleWork({ sourceFrom: 'dashboard' });
  const rates = (jobs: RentalOutcome[]) => {
    const { homeSendBitsPerSecond, hubBitsPerSecond, downShare } = calibrate(jobs)({ machineId: 'new' });
    return { homeSendBitsPerSecond, hubBitsPerSecond, downShare };
  };

  it('is known by such jobs alone, and they teach nothing of the way from the hub', () => {
    const { hubBitsPerSecond, downShare, homeSendBitsPerSecond } = DEFAULT_CALIBRATION;
    expect(rates([outcome({ downloadMs: 2 }, 'a', sent)])).toEqual({
      homeSendBitsPerSecond: homeSendBitsPerSecond / 2,
      hubBitsPerSecond,
      downShare,
    });
    expect(rates([outcome({ downloadMs: 2 }, 'a')])).toMatchObject({ homeSendBitsPerSecond });
    expect(rates([outcome({ downloadMs: 4 }, 'a'), outcome({ downloadMs: 0.5 }, 'b', sent)])).toMatchObject({
      homeSendBitsPerSecond: 2 * homeSendBitsPerSecond,
      downShare: expect.closeTo(downShare / 4, 6),
    });
  });
});

describe('the range of an estimate', () => {
  const PARTS = ['loadMs', 'setUpMs', 'downloadMs', 'convertMs', 'imatrixMs', 'quantizeMs', 'bringHomeMs'] as const;
  /** A job all of whose parts took so many times longer than the defaults say. */
  const job = (factor: number, machineId: string) =>
    outcome(Object.fromEntries(PARTS.map((part) => [part, factor])), machineId);
  const rangeAfter = (factors: readonly number[]) => {
    const { fastFactor, slowFactor } = calibrate(factors.map((factor, index) => job(factor, `m${index}`)))({
      machineId: 'new',
    });
    return { fastFactor, slowFactor };
  };
  const { fastFactor, slowFactor } = DEFAULT_CALIBRATION;

  it('is ours until five jobs have shown how far apart they are', () => {
    expect(rangeAfter([1, 3, 1, 3])).toEqual({ fastFactor, slowFactor });
    expect(rangeAfter([1, 1, 1, 1, 1])).not.toEqual({ fastFactor, slowFactor });
  });

  it('narrows while jobs agree with each other, however wrong the defaults were, and never to nothing', () => {
    expect(rangeAfter([1.7, 1.7, 1.7, 1.7, 1.7, 1.7])).toEqual({ fastFactor: 0.9, slowFactor: 1.2 });
  });

  it('widens with what was far from what the others taught, to a bound', () => {
    const wide = rangeAfter([0.6, 1, 1, 1, 1, 2.2]);
    expect(wide.fastFactor).toBeGreaterThan(0.55);
    expect(wide.fastFactor).toBeLessThan(fastFactor);
    expect(wide.slowFactor).toBeGreaterThan(slowFactor);
    expect(wide.slowFactor).toBeLessThan(2.3);
    expect(rangeAfter([0.05, 0.05, 1, 1, 1, 40, 40])).toEqual({ fastFactor: 0.4, slowFactor: 4 });
  });

  it('is of all machines, those rented before included, and not moved by jobs that were hardly measured', () => {
    const jobs = [1, 1, 1, 1, 1, 1].map((factor, index) => job(factor, `m${index}`));
    expect(calibrate(jobs)({ machineId: 'm0' })).toMatchObject({ fastFactor: 0.9, slowFactor: 1.2 });
    const short = Array.from({ length: 9 }, () => outcome({ setUpMs: 4 }, 'a'));
    const unknown = Array.from({ length: 9 }, () => ({ ...job(2, 'b'), offer: exampleOffer({ cores: 0 }) }));
    expect(calibrate([...short, ...unknown])({ machineId: 'new' })).toMatchObject({ fastFactor, slowFactor });
  });
});

/** Milliseconds are whole, so a factor comes back not quite as it went. */
function calibrateRatio(job: RentalOutcome | undefined): number {
  return (job?.times.convertMs ?? 0) / (defaults?.convertMs ?? 1);
}
