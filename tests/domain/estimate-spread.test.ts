import { describe, expect, it } from 'vitest';
import { actualShare, spreadOf } from '../../lib/domain/estimate-spread';
import type { RentalOutcome } from '../../lib/domain/rental-outcome';
import { exampleEstimate } from '../support/rental-examples';

const NOTHING: RentalOutcome['times'] = {
  loadMs: null,
  setUpMs: null,
  downloadMs: null,
  convertMs: null,
  imatrixMs: null,
  quantizeMs: null,
  bringHomeMs: null,
};

describe('the spread of jobs', () => {
  it('reaches to the outermost of a few, and leaves out the odd one of many', () => {
    expect(spreadOf([0.5, 0.8, 1, 1.3, 2])).toEqual({ fastFactor: 0.5, slowFactor: 2 });
    const many = [0.5, ...Array.from({ length: 17 }, () => 1), 1.5, 3.9];
    const { fastFactor, slowFactor } = spreadOf(many.reverse());
    expect(fastFactor).toBe(0.9);
    expect(slowFactor).toBeCloseTo(1.45, 6);
  });
});

describe('how much longer a job took', () => {
  const predicted = exampleEstimate();

  it('is told by the parts that were measured', () => {
    const { downloadMs, bringHomeMs, quantizeMs } = predicted.times;
    const times = { ...NOTHING, downloadMs: 2 * downloadMs, bringHomeMs, quantizeMs };
    const expectedMs = downloadMs + bringHomeMs + quantizeMs;
    expect(actualShare({ times }, predicted)).toBeCloseTo((expectedMs + downloadMs) / expectedMs, 6);
  });

  it('is not known when that is little of the whole', () => {
    expect(actualShare({ times: NOTHING }, predicted)).toBeNull();
    expect(actualShare({ times: { ...NOTHING, setUpMs: 900_000 } }, predicted)).toBeNull();
    const none = { ...predicted, totalMs: 0, times: { ...predicted.times, setUpMs: 0 } };
    expect(actualShare({ times: { ...NOTHING, setUpMs: 0 } }, none)).toBeNull();
  });
});
