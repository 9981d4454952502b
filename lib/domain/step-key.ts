import type { QuantizationType } from './quantization-types';

/** Of a job on a machine that is rented for it: none of these touches a host, for it is not there yet, or not any more. */
const RENTAL_STEP_KINDS = ['rent-host', 'release-host'] as const;
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
export const STEP_KINDS = ['rent-host', ...TRUNK_STEP_KINDS, ...FILE_STEP_KINDS, 'release-host'] as const;
export type StepKind = (typeof STEP_KINDS)[number];
type SingleStepKind = (typeof RENTAL_STEP_KINDS)[number] | (typeof TRUNK_STEP_KINDS)[number];
type FileStepKind = (typeof FILE_STEP_KINDS)[number];

/** `verify:Q4_K_M` for a step that exists once for each file, else the kind itself. */
export type StepKey = SingleStepKind | `${FileStepKind}:${QuantizationType}`;

export function stepKindOf(key: string): StepKind {
  const kind = key.split(':', 1)[0] as StepKind;
  if (!STEP_KINDS.includes(kind)) throw new Error(`unknown step key: ${key}`);
  return kind;
}

/** Whether a step works on the job's host. The others come before there is one, or after. */
export function isOnHost(kind: StepKind): boolean {
  return !RENTAL_STEP_KINDS.some((one) => one === kind);
}

/** The file that a step is about, by its type; null for a step of the trunk. */
export function quantizationOf(key: string): QuantizationType | null {
  const colon = key.indexOf(':');
  return colon === -1 ? null : (key.slice(colon + 1) as QuantizationType);
}
