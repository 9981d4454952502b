import { describe, expect, it } from 'vitest';
import { type EndedRentedJob, goalAfterJob } from '../../lib/domain/goal-after-job';

const canceled: EndedRentedJob = { end: 'canceled', afterwards: 'destroy', wasReady: true, unsavedCount: 0 };

describe('the machine of a job that did not succeed', () => {
  it('is given back when it never answered, whatever was agreed for the end of the work', () => {
    for (const afterwards of ['destroy', 'stop', 'keep'] as const) {
      for (const end of ['canceled', 'failed'] as const) {
        expect(goalAfterJob({ ...canceled, end, afterwards, wasReady: false })).toBe('gone');
      }
    }
  });

  it('is given back, stopped or left after a cancel, as was agreed', () => {
    expect(goalAfterJob(canceled)).toBe('gone');
    expect(goalAfterJob({ ...canceled, afterwards: 'stop' })).toBe('stopped');
    expect(goalAfterJob({ ...canceled, afterwards: 'keep' })).toBeNull();
  });

  it('stays while a file is nowhere else, and for a retry after a failure', () => {
    expect(goalAfterJob({ ...canceled, unsavedCount: 1 })).toBeNull();
    expect(goalAfterJob({ ...canceled, end: 'failed' })).toBeNull();
  });
});
