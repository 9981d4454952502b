import type { QuantizationType } from './quantization-types';

/** Done once a job, whatever comes of it. */
const TRUNK_STEP_KINDS = [
  'prepare-host',
  'fetch-model',
  'inspect-model',
  'repair-model',
  'convert-model',
  'imatrix',
] as const;
/** Done once for each file. */
export const FILE_STEP_KINDS = ['quantize', 'checksum', 'verify', 'bring-home'] as const;

/** The kinds of step, each after those it may need. Keys are stored: renaming one is a migration. */
export const STEP_KINDS = [...TRUNK_STEP_KINDS, ...FILE_STEP_KINDS] as const;
export type StepKind = (typeof STEP_KINDS)[number];
type TrunkStepKind = (typeof TRUNK_STEP_KINDS)[number];
type FileStepKind = (typeof FILE_STEP_KINDS)[number];

/** `verify:Q4_K_M` for a step that exists once for each file, else the kind itself. */
export type StepKey = TrunkStepKind | `${FileStepKind}:${QuantizationType}`;

export function stepKindOf(key: string): StepKind {
  const kind = key.split(':', 1)[0] as StepKind;
  if (!STEP_KINDS.includes(kind)) throw new Error(`unknown step key: ${key}`);
  return kind;
}

/** The file that a step is about, by its type; null for a step of the trunk. */
export function quantizationOf(key: string): QuantizationType | null {
  const colon = key.indexOf(':');
  return colon === -1 ? null : (key.slice(colon + 1) as QuantizationType);
}
