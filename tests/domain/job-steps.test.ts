import { expect, it } from 'vitest';
import { stepsOf } from '../../lib/domain/job-steps';
import type { QuantizationType } from '../../lib/domain/quantization-types';

type Spec = Parameters<typeof stepsOf>[0];
const keys = (spec: Spec) => stepsOf(spec).map(({ key }) => key);
const made = (spec: Spec) => keys(spec).filter((key) => key.startsWith('quantize:'));
const after = (spec: Spec) => Object.fromEntries(stepsOf(spec).map((step) => [step.key, step.after]));

it('makes every output but the base in a step of its own', () => {
  expect(made({ baseType: 'BF16', outputs: ['BF16', 'Q8_0', 'F16'], bringHome: true })).toEqual([
    'quantize:Q8_0',
    'quantize:F16',
  ]);
  expect(made({ baseType: 'auto', outputs: ['F16', 'Q4_K_M'], bringHome: true })).toEqual(['quantize:Q4_K_M']);
});

it('gives every float output a step while an automatic base could be any of them, and hashes none before it', () => {
  const spec: Spec = { baseType: 'auto', outputs: ['F16', 'BF16'], bringHome: true };
  expect(made(spec)).toEqual(['quantize:F16', 'quantize:BF16']);
  expect(after(spec)).toMatchObject({ 'checksum:F16': ['quantize:F16'], 'checksum:BF16': ['quantize:BF16'] });
});

it('hashes the base as soon as it is converted, every other file as soon as it is made', () => {
  expect(after({ baseType: 'auto', outputs: ['Q8_0', 'F16', 'IQ2_M'], bringHome: true })).toEqual({
    'prepare-host': [],
    'fetch-model': [],
    'inspect-model': ['fetch-model'],
    'repair-model': ['inspect-model'],
    'convert-model': ['prepare-host', 'repair-model'],
    imatrix: ['convert-model'],
    'quantize:Q8_0': ['convert-model'],
    'quantize:IQ2_M': ['convert-model', 'imatrix'],
    'checksum:Q8_0': ['quantize:Q8_0'],
    'checksum:F16': ['convert-model'],
    'checksum:IQ2_M': ['quantize:IQ2_M'],
    'verify:Q8_0': ['checksum:Q8_0'],
    'verify:F16': ['checksum:F16'],
    'verify:IQ2_M': ['checksum:IQ2_M'],
    'bring-home:Q8_0': ['checksum:Q8_0'],
    'bring-home:F16': ['checksum:F16'],
    'bring-home:IQ2_M': ['checksum:IQ2_M'],
  });
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
    'checksum:IQ2_M',
    'verify:IQ2_M',
  ]);
  expect(keys({ baseType: 'auto', outputs: ['Q8_0'], bringHome: true })).not.toContain('imatrix');
});

it('never lets a step wait for one that comes later or is not there', () => {
  const outputs: QuantizationType[] = ['Q4_K_M', 'BF16', 'IQ1_S', 'F16', 'F32'];
  for (const baseType of ['auto', 'F16', 'F32'] as const) {
    const before = new Set<string>();
    for (const step of stepsOf({ baseType, outputs, bringHome: true })) {
      expect(step.after.filter((key) => !before.has(key))).toEqual([]);
      before.add(step.key);
    }
  }
});

it('rents a machine before anything begins and gives it back when nothing is left to do there', () => {
  const rental = { rentalId: 'r', afterwards: 'destroy' } as const;
  const spec: Spec = { baseType: 'auto', outputs: ['F16', 'IQ2_M'], bringHome: true };
  const rented = after({ ...spec, rental });
  expect(keys({ ...spec, rental })).toEqual(['rent-host', ...keys(spec), 'release-host']);
  expect(rented).toEqual({
    ...after(spec),
    'rent-host': [],
    'prepare-host': ['rent-host'],
    'fetch-model': ['rent-host'],
    'release-host': ['verify:F16', 'verify:IQ2_M', 'bring-home:F16', 'bring-home:IQ2_M'],
  });
  expect(keys({ ...spec, rental: null })).toEqual(keys(spec));
});
