import { expect, it } from 'vitest';
import { mainRunningStep } from '../../lib/domain/main-step';

const steps = (running: readonly string[]) =>
  ['fetch-model', 'convert-model', 'quantize:Q8_0', 'checksum:F16', 'verify:F16', 'bring-home:F16'].map((key) => ({
    key,
    status: running.includes(key) ? 'running' : 'queued',
  }));

it('speaks of what the processor works on, else of the first that runs', () => {
  expect(mainRunningStep(steps(['checksum:F16', 'verify:F16', 'bring-home:F16']))?.key).toBe('verify:F16');
  expect(mainRunningStep(steps(['checksum:F16', 'bring-home:F16']))?.key).toBe('checksum:F16');
  expect(mainRunningStep(steps([]))).toBeUndefined();
});
