import { describe, expect, it } from 'vitest';
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
    const work = { checkId: 'c', model: 'a/b', outputs: ['Q4_K_M'] as const, needsRepair: false };
    const offer = exampleOffer({ place: ', US', gpuName: null, cores: 15.96 });
    const { estimate } = exampleTry();
    const plan = rentPlanOf(work, { offer, estimate, scoreNanoUsd: 1 }, exampleRental().terms);
    expect(plan.machine).toBe('US · 16 cores');
    expect(plan.estimate.diskGb).toBe(estimate.diskGb);
    expect(plan.offerId).toBe('1001');
  });
});
