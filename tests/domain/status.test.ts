import { describe, expect, it } from 'vitest';
import { canMoveJob, canMoveStep, isTerminal, JOB_STATUSES } from '../../lib/domain/status';
import { quantizationOf, stepKindOf } from '../../lib/domain/step-key';

describe('job statuses', () => {
  it('lead from queued to an end, and back to queued only by a retry of what did not succeed', () => {
    expect(canMoveJob('queued', 'running')).toBe(true);
    expect(canMoveJob('running', 'succeeded')).toBe(true);
    expect(canMoveJob('failed', 'queued')).toBe(true);
    expect(canMoveJob('succeeded', 'queued')).toBe(false);
    expect(canMoveJob('queued', 'succeeded')).toBe(false);
  });

  it('are terminal exactly when nothing more happens by itself', () => {
    expect(JOB_STATUSES.filter(isTerminal)).toEqual(['succeeded', 'failed', 'canceled']);
  });
});

describe('step statuses', () => {
  it('let a step be passed over, but never fail before it ran', () => {
    expect(canMoveStep('queued', 'skipped')).toBe(true);
    expect(canMoveStep('queued', 'failed')).toBe(false);
    expect(canMoveStep('running', 'failed')).toBe(true);
  });
});

describe('step keys', () => {
  it('name the kind and, for a step of one file, its type', () => {
    expect(stepKindOf('quantize:Q4_K_M')).toBe('quantize');
    expect(quantizationOf('quantize:Q4_K_M')).toBe('Q4_K_M');
    expect(stepKindOf('bring-home:IQ2_M')).toBe('bring-home');
    expect(quantizationOf('bring-home:IQ2_M')).toBe('IQ2_M');
    expect(quantizationOf('fetch-model')).toBeNull();
    expect(() => stepKindOf('dance')).toThrow('dance');
  });
});
