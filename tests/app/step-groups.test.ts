import { describe, expect, it } from 'vitest';
import { groupSteps, inReadingOrder, interestingStep } from '../../app/_job/step-groups';
import { stepsOf } from '../../lib/domain/job-steps';
import type { StepStatus } from '../../lib/domain/status';
import { stepKindOf } from '../../lib/domain/step-key';
import type { StepView } from '../../lib/domain/views';

/** Steps of which these have begun, in these statuses. */
function views(keys: readonly string[], statuses: Readonly<Record<string, StepStatus>> = {}): StepView[] {
  return keys.map((key, ordinal) => ({
    id: key,
    key,
    ordinal,
    kind: stepKindOf(key),
    title: key,
    status: statuses[key] ?? 'queued',
    startedAt: statuses[key] ? '2026-01-01T00:00:00.000Z' : null,
    finishedAt: null,
    progress: null,
    note: null,
    failure: null,
    skippedReason: null,
    attempts: [],
    logBytes: 0,
  }));
}

const outputs = ['F16', 'Q8_0'] as const;
const keys = stepsOf({ baseType: 'auto', outputs: [...outputs], bringHome: true }).map(({ key }) => key);

describe('the steps of a job on its page', () => {
  it('are a trunk and a row for each file, with a gap where a file does without a step', () => {
    const groups = groupSteps(views(keys), outputs);
    expect(groups.trunk.map(({ key }) => key)).toEqual(keys.slice(0, 5));
    expect(groups.files.map(({ type, steps }) => [type, ...steps.map((step) => step?.key ?? null)])).toEqual([
      ['F16', null, 'checksum:F16', 'verify:F16', 'bring-home:F16'],
      ['Q8_0', 'quantize:Q8_0', 'checksum:Q8_0', 'verify:Q8_0', 'bring-home:Q8_0'],
    ]);
    expect(inReadingOrder(groups).map(({ key }) => key)).toEqual([
      ...keys.slice(0, 5),
      ...['checksum:F16', 'verify:F16', 'bring-home:F16'],
      ...['quantize:Q8_0', 'checksum:Q8_0', 'verify:Q8_0', 'bring-home:Q8_0'],
    ]);
  });

  it('of a job on a rented machine begin with renting it and end with giving it back, after all files', () => {
    const rental = { rentalId: 'r', afterwards: 'destroy' } as const;
    const rented = stepsOf({ baseType: 'auto', outputs: ['Q8_0'], bringHome: true, rental }).map(({ key }) => key);
    const groups = groupSteps(views(rented), ['Q8_0']);
    expect(groups.trunk[0]?.key).toBe('rent-host');
    expect(groups.end.map(({ key }) => key)).toEqual(['release-host']);
    expect(inReadingOrder(groups).map(({ key }) => key)).toEqual(rented);
  });

  it('of a job made before files had steps of their own are all there', () => {
    const old = ['convert-model', 'quantize:Q8_0', 'checksum', 'verify', 'bring-home'];
    const groups = groupSteps(views(old), outputs);
    expect(
      inReadingOrder(groups)
        .map(({ key }) => key)
        .sort(),
    ).toEqual([...old].sort());
    expect(groups.files.map(({ type }) => type)).toEqual(['Q8_0']);
  });

  it('are followed where the processor works, then where something failed, then where it ended', () => {
    const at = (statuses: Record<string, StepStatus>) => interestingStep(views(keys, statuses))?.key;
    expect(at({ 'checksum:F16': 'running', 'quantize:Q8_0': 'running', 'verify:F16': 'failed' })).toBe('quantize:Q8_0');
    expect(at({ 'checksum:F16': 'running', 'quantize:Q8_0': 'failed' })).toBe('checksum:F16');
    expect(at({ 'convert-model': 'succeeded', 'quantize:Q8_0': 'failed' })).toBe('quantize:Q8_0');
    expect(at({ 'fetch-model': 'succeeded', 'convert-model': 'canceled' })).toBe('convert-model');
    expect(at({ 'fetch-model': 'succeeded' })).toBe('fetch-model');
    expect(at({})).toBe('prepare-host');
  });
});
