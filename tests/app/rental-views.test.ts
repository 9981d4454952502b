import { describe, expect, it } from 'vitest';
import { diskWords, isDiskNearlyFull } from '../../app/_rental/disk-words';
import { lineShareWords } from '../../app/_rental/line-share-words';
import { paidFor } from '../../app/_rental/paid-for';
import { hoursText, rentPlanOf, usdText } from '../../app/_rental/rent-plan';
import { sparkPath } from '../../app/_rental/utilization';
import { furthestOff } from '../../app/_settings/outcome-table';
import { exampleOffer } from '../support/rental-examples';
import { exampleRental, exampleTry } from '../support/rental-view-examples';

describe('the curve of how busy a machine is', () => {
  it('goes from old to new, full at the top, and breaks where nothing is known', () => {
    expect(sparkPath([0, 100])).toBe('M0 23L120 1');
    expect(sparkPath([50, null, 50, 250])).toBe('M0 12M80 12L120 1');
    expect(sparkPath([null])).toBe('');
  });
});

describe('furthestOff', () => {
  const none = {
    loadMs: null,
    setUpMs: null,
    downloadMs: null,
    convertMs: null,
    imatrixMs: null,
    quantizeMs: null,
    bringHomeMs: null,
  };
  const predicted = exampleTry().estimate;

  it('names the part that differs most, among those that were measured and expected', () => {
    const times = { ...none, setUpMs: predicted.times.setUpMs + 5000, convertMs: 0, imatrixMs: 9_000_000 };
    expect(furthestOff({ times, predicted })).toMatch(/^converting: 0ms instead of \d/);
    expect(furthestOff({ times: none, predicted })).toBeNull();
  });
});

describe('the disk of a rented machine', () => {
  it('is said as far as it is known, and nearly full from 85 % on', () => {
    const disk = (diskUsedBytes: number | null) => ({ diskBytes: 100 * 1024 ** 3, diskUsedBytes });
    expect(diskWords(disk(20 * 1024 ** 3))).toBe('20.0 GiB of 100.0 GiB are used (20 %)');
    expect(diskWords(disk(null))).toBe('100.0 GiB');
    expect([diskWords(null), diskWords({ diskBytes: null, diskUsedBytes: 1 })]).toEqual([null, null]);
    expect([84, 85, 100].map((percent) => isDiskNearlyFull(disk(percent * 1024 ** 3)))).toEqual([false, true, true]);
    expect([isDiskNearlyFull(disk(null)), isDiskNearlyFull(null)]).toEqual([false, false]);
  });
});

it('the share of a line is said once, or twice where jobs taught two', () => {
  expect(lineShareWords({ downShare: 0.7, upShare: 0.7 })).toBe('70 % of the advertised line');
  expect(lineShareWords({ downShare: 0.512, upShare: 1 })).toBe(
    '51 % of the advertised line in and 100 % of the line out',
  );
});

describe('paidFor', () => {
  it('is our own count until the service has charged, and all of its charges from then on', () => {
    expect(paidFor(exampleRental().money)).toEqual({
      paidNanoUsd: 90_000_000,
      parts: { machineNanoUsd: 80_000_000, diskNanoUsd: 9_000_000, trafficNanoUsd: 1_000_000 },
      isCharged: false,
    });
    const charge = {
      instanceId: '1',
      label: null,
      startsAtMs: 0,
      endsAtMs: 1,
      totalNanoUsd: 7,
      computeNanoUsd: 3,
      diskNanoUsd: 1,
      downloadNanoUsd: 1,
      uploadNanoUsd: 1,
    };
    const money = { ...exampleRental().money, charges: [charge, charge] };
    // A seventh has no name: it is the machine's, for the parts have to add up.
    const parts = { machineNanoUsd: 8, diskNanoUsd: 2, trafficNanoUsd: 4 };
    expect(paidFor(money)).toEqual({ paidNanoUsd: 14, parts, isCharged: true });
  });
});

describe('the rent dialog', () => {
  it('shows amounts as people type them', () => {
    expect(usdText(180_000_000)).toBe('0.18');
    expect(usdText(52_000_000)).toBe('0.052');
    expect(usdText(2_500_000_000)).toBe('2.50');
    expect(hoursText(5_400_000)).toBe('1.5');
  });

  it('says which machine it begins with, without what its host did not write', () => {
    const work = {
      checkId: 'c',
      model: 'a/b',
      outputs: ['Q4_K_M'] as const,
      needsRepair: false,
      monthLeftNanoUsd: null,
    };
    const offer = exampleOffer({ place: ', US', gpuName: null, cores: 15.96 });
    const { estimate } = exampleTry();
    const plan = rentPlanOf(
      work,
      { offer, estimate, scoreNanoUsd: 1, downShare: 1, upShare: 1 },
      exampleRental().terms,
    );
    expect(plan.machine).toBe('US · 16 cores');
    expect(plan.estimate.diskGb).toBe(estimate.diskGb);
    expect(plan.offerId).toBe('1001');
  });
});
