import { describe, expect, it } from 'vitest';
import { chooseImage } from '../../lib/domain/choose-image';
import { costOfTime } from '../../lib/domain/money';
import { memoryShare } from '../../lib/domain/offer';
import { DEFAULT_CALIBRATION } from '../../lib/domain/rental-calibration';
import { estimateRental, type RentalEstimate } from '../../lib/domain/rental-estimate';
import { imageOf } from '../../lib/domain/rental-image';
import { diskNeedGb, rentalWorkOf } from '../../lib/domain/rental-work';
import { exampleOffer, exampleWork } from '../support/rental-examples';
import { pickFrom, seededRandom } from '../support/seeded-random';

function estimate(...[offer, work, calibration, images]: Partial<Parameters<typeof estimateRental>>): RentalEstimate {
  const made = estimateRental(
    offer ?? exampleOffer(),
    work ?? exampleWork(),
    calibration ?? DEFAULT_CALIBRATION,
    images,
  );
  if (made === null) throw new Error('no estimate');
  return made;
}

describe('the work of a job', () => {
  const sizes = { sourceBytes: 100, baseBytes: 90, outputBytes: { Q4_K_M: 30, Q8_0: 50 } };
  const wish = {
    sourceFrom: 'dashboard',
    parameterCount: 1,
    baseType: 'F16',
    outputs: ['F16', 'Q8_0', 'Q4_K_M', 'Q2_K'],
    bringHome: true,
    memoryBytes: 5,
    imatrixTokens: 7,
  } as const;

  it('has the sizes that were planned; the base file comes home only when it was asked for', () => {
    expect(rentalWorkOf(sizes, wish)).toEqual({
      parameterCount: 1,
      sourceBytes: 100,
      sourceFrom: 'dashboard',
      baseBytes: 90,
      outputs: [
        { type: 'Q8_0', sizeBytes: 50 },
        { type: 'Q4_K_M', sizeBytes: 30 },
      ],
      broughtHomeBytes: 170,
      memoryBytes: 5,
      imatrixTokens: 7,
    });
    expect(rentalWorkOf(sizes, { ...wish, outputs: ['Q4_K_M'] }).broughtHomeBytes).toBe(30);
    expect(rentalWorkOf(sizes, { ...wish, bringHome: false }).broughtHomeBytes).toBe(0);
  });

  it('needs a disk for everything side by side, with a margin, and never less than can be rented', () => {
    expect(diskNeedGb(exampleWork())).toBe(Math.ceil(1.15 * (29.3 + 29.3 + 16.3 + 8)));
    expect(diskNeedGb(exampleWork({ sourceBytes: 0, baseBytes: 0, outputs: [] }))).toBe(10);
  });
});

describe('a share of memory', () => {
  it('is that of the cores, of the GPUs when the cores are not said, and never more than the machine', () => {
    expect(memoryShare(1000, 16, 64, 1)).toBe(250);
    expect(memoryShare(1000, 16, null, 0.5)).toBe(500);
    expect(memoryShare(1000, 16, 0, null)).toBe(1000);
    expect(memoryShare(1000, 16, 4, null)).toBe(1000);
  });
});

describe('an estimate', () => {
  it('agrees with one made by hand: $0.174 for a third of an hour, most of it traffic', () => {
    const work = exampleWork({
      sourceBytes: 16_100_000_000,
      baseBytes: 100_000_000,
      outputs: [],
      broughtHomeBytes: Math.round(20e9 / 1.02),
      imatrixTokens: 1,
      parameterCount: 3e14,
    });
    // Convert 120 s and 300 s of computing by construction; 80 GB of disk come as a price.
    const offer = exampleOffer({ baseNanoUsdPerHour: 196_666_667, storageNanoUsdPerGbMonth: 0 });
    // Getting ready by another model: 180 s are counted by hand, and the image as free.
    const { downBytes, startMs, setUpMs, loadMs } = chooseImage(offer, DEFAULT_CALIBRATION);
    const made = estimate(offer, work, {
      ...DEFAULT_CALIBRATION,
      homeBitsPerSecond: 480_000_000,
      convertBytesPerSecond: 16_100_000_000 / 120,
      coreGigaflops: 125,
      slackMs: 180_000 - startMs - setUpMs,
    });
    expect(made.times).toMatchObject({ downloadMs: 230_000, convertMs: 120_000, imatrixMs: 300_000 });
    const imageNanoUsd = (downBytes / 1e9) * offer.downNanoUsdPerGb;
    expect(made.costs.downloadNanoUsd + made.costs.uploadNanoUsd - imageNanoUsd).toBe(108_300_000);
    expect((made.totalMs - loadMs) / 3_600_000).toBeCloseTo(0.336, 2);
    expect((made.totalNanoUsd - imageNanoUsd) / 1e9).toBeCloseTo(0.174, 3);
  });

  it('charges the disk while the image loads, the machine only from then on', () => {
    const offer = exampleOffer({ downNanoUsdPerGb: 0 });
    const slow = estimate(offer, exampleWork(), DEFAULT_CALIBRATION, ['llama-cpp-full']);
    expect(slow.times.loadMs).toBe(
      Math.ceil((25 + (8 * 1_220_000_000) / 560_000_000 + 1_220_000_000 / 50_000_000) * 1000),
    );
    const { loadMs, startMs, setUpMs, ...others } = slow.times;
    const runningMs = Object.values(others).reduce((sum, ms) => sum + ms, startMs + setUpMs);
    expect(slow).toMatchObject({ runningMs, totalMs: runningMs + loadMs, image: 'llama-cpp-full' });
    expect(slow.costs.computeNanoUsd).toBe(costOfTime(offer.baseNanoUsdPerHour, runningMs));
    expect(slow.costs.diskNanoUsd).toBe(costOfTime(slow.nanoUsdPerHour - offer.baseNanoUsdPerHour, slow.totalMs));
    expect(slow.nanoUsdPerHour).toBe(180_000_000 + Math.round((150_000_000 * slow.diskGb) / 720));
  });

  it('does not change with the GPU, with an importance matrix neither: that is measured on the cores', () => {
    const fast = exampleOffer({ gpuTeraflops: 900, gpuName: 'H100', gpuMemoryBytes: 80_000_000_000 });
    for (const work of [exampleWork(), exampleWork({ imatrixTokens: 100_000 })])
      expect(estimate(fast, work)).toEqual(estimate(exampleOffer({ gpuTeraflops: null }), work));
    const matrix = exampleWork({ imatrixTokens: 100_000 });
    expect(estimate(exampleOffer({ cores: 32 }), matrix).times.imatrixMs).toBeLessThan(
      estimate(exampleOffer({ cores: 8 }), matrix).times.imatrixMs,
    );
  });

  it('waits for the slower end of the way that the checkpoint comes; what comes in is billed the same either way', () => {
    const hub = estimate();
    const sent = estimate(exampleOffer(), exampleWork({ sourceFrom: 'dashboard' }));
    expect(hub.times.downloadMs).toBe(Math.ceil((8 * 29.3e9 * 1000) / (0.7 * 800_000_000)));
    expect(sent.times.downloadMs).toBe((8 * 29.3e9 * 1000) / 40_000_000);
    expect(sent.costs.downloadNanoUsd).toBe(hub.costs.downloadNanoUsd);
    expect(sent.costs.computeNanoUsd).toBeGreaterThan(hub.costs.computeNanoUsd);
    const quick = { ...DEFAULT_CALIBRATION, homeSendBitsPerSecond: 10_000_000_000 };
    expect(estimate(exampleOffer(), exampleWork({ sourceFrom: 'dashboard' }), quick)).toEqual(hub);
  });

  it('reads the base file again for every output when memory cannot hold it', () => {
    const cheap = { ...DEFAULT_CALIBRATION, quantizeSecondsPerBillion: {}, otherQuantizeSecondsPerBillion: 0 };
    const small = estimate(exampleOffer({ memoryBytes: 16_000_000_000 }), exampleWork(), cheap);
    const large = estimate(exampleOffer(), exampleWork(), cheap);
    expect(small.times.quantizeMs - large.times.quantizeMs).toBe(2 * 29_300);
  });

  it('takes figures that are not said as usual ones, and gives up without a line or cores', () => {
    expect(estimate(exampleOffer({ cpuGhz: null, diskBytesPerSecond: null })).totalMs).toBeGreaterThan(
      estimate().totalMs,
    );
    for (const lack of [{ downBitsPerSecond: 0 }, { upBitsPerSecond: 0 }, { cores: 0 }]) {
      expect(estimateRental(exampleOffer(lack), exampleWork(), DEFAULT_CALIBRATION)).toBeNull();
    }
  });

  it('is whole, adds up, lies in its range, and never falls when something gets worse (1000 offers)', () => {
    const random = seededRandom(11);
    const between = (least: number, most: number) => Math.round(least + random() * (most - least));
    for (let turn = 0; turn < 1000; turn += 1) {
      const offer = exampleOffer({
        cores: between(1, 128),
        cpuGhz: pickFrom(random, [null, 2.1, 3, 4.5]),
        memoryBytes: between(4e9, 5e11),
        downBitsPerSecond: between(1e6, 1e10),
        upBitsPerSecond: between(1e6, 1e10),
        diskBytesPerSecond: pickFrom(random, [null, 1e8, 5e9]),
        baseNanoUsdPerHour: between(1e7, 4e9),
        storageNanoUsdPerGbMonth: between(0, 1e9),
        downNanoUsdPerGb: between(0, 2e7),
        upNanoUsdPerGb: between(0, 2e7),
      });
      const work = exampleWork({ sourceBytes: between(1e8, 1e12), imatrixTokens: pickFrom(random, [null, 50_000]) });
      const made = estimate(offer, work);
      const { computeNanoUsd, diskNanoUsd, downloadNanoUsd, uploadNanoUsd } = made.costs;
      expect(made.totalNanoUsd).toBe(computeNanoUsd + diskNanoUsd + downloadNanoUsd + uploadNanoUsd);
      expect([...Object.values(made.times), made.totalNanoUsd].every(Number.isSafeInteger)).toBe(true);
      expect(made.totalMs).toBe(Object.values(made.times).reduce((sum, ms) => sum + ms, 0));
      expect(made.lowNanoUsd).toBeLessThanOrEqual(made.totalNanoUsd);
      expect(made.highNanoUsd).toBeGreaterThanOrEqual(made.totalNanoUsd);
      const worse = [
        { ...offer, baseNanoUsdPerHour: offer.baseNanoUsdPerHour + 1e8 },
        { ...offer, downBitsPerSecond: Math.ceil(offer.downBitsPerSecond / 2) },
        { ...offer, upNanoUsdPerGb: offer.upNanoUsdPerGb + 1e6 },
        { ...offer, cores: offer.cores / 2 },
      ];
      for (const each of worse) {
        // Less is fetched for the image that suits a slower line: with the same one it costs no less.
        const same = estimate(each, work, DEFAULT_CALIBRATION, [imageOf(made)]);
        expect(same.totalNanoUsd).toBeGreaterThanOrEqual(made.totalNanoUsd);
        expect(estimate(each, work).totalMs).toBeGreaterThanOrEqual(made.totalMs);
      }
    }
  });
});
