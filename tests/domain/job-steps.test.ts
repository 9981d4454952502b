import { expect, it } from 'vitest';
import { stepsOf } from '../../lib/domain/job-steps';

const keys = (spec: Parameters<typeof stepsOf>[0]) => stepsOf(spec).map(({ key }) => key);
const made = (spec: Parameters<typeof stepsOf>[0]) => keys(spec).filter((key) => key.startsWith('quantize:'));

it('makes every output but the base in a step of its own', () => {
  expect(made({ baseType: 'BF16', outputs: ['BF16', 'Q8_0', 'F16'], bringHome: true })).toEqual([
    'quantize:Q8_0',
    'quantize:F16',
  ]);
  expect(made({ baseType: 'auto', outputs: ['F16', 'Q4_K_M'], bringHome: true })).toEqual(['quantize:Q4_K_M']);
});

it('gives every float output a step while an automatic base could be any of them', () => {
  expect(made({ baseType: 'auto', outputs: ['F16', 'BF16'], bringHome: true })).toEqual([
    'quantize:F16',
    'quantize:BF16',
  ]);
});

it('measures weights only for types that need it, and brings home only when asked', () => {
  expect(keys({ baseType: 'auto', outputs: ['IQ2_M'], bringHome: false })).toEqual([
    'prepare-host',
    'fetch-model',
    'inspect-model',
    'repair-model',
    'convert-model',
    'imatrix',
    'quantize:IQ2_M',
    'checksum',
    'verify',
  ]);
  expect(keys({ baseType: 'auto', outputs: ['Q8_0'], bringHome: true })).not.toContain('imatrix');
});
