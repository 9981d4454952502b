import type { QuantizationType } from './quantization-types';

/** The kinds of step in the order they run. Keys are stored: renaming one is a migration. */
export const STEP_KINDS = [
  'prepare-host',
  'fetch-model',
  'inspect-model',
  'repair-model',
  'convert-model',
  'imatrix',
  'quantize',
  'checksum',
  'verify',
  'bring-home',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** `quantize:Q4_K_M` for a step that exists once per quantization, else the kind itself. */
export type StepKey = Exclude<StepKind, 'quantize'> | `quantize:${QuantizationType}`;

export function stepKindOf(key: string): StepKind {
  const kind = key.split(':', 1)[0] as StepKind;
  if (!STEP_KINDS.includes(kind)) throw new Error(`unknown step key: ${key}`);
  return kind;
}

/** The quantization type of a `quantize:…` key, null for every other step. */
export function quantizationOf(key: string): QuantizationType | null {
  return key.startsWith('quantize:') ? (key.slice('quantize:'.length) as QuantizationType) : null;
}
