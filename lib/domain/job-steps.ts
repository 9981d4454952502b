import { type ConversionSpec, isFloatType } from './conversion-spec';
import { QUANTIZATIONS, type QuantizationType } from './quantization-types';
import type { StepKey } from './step-key';

/** Stamped on every job when it is made; the pipeline refuses jobs of another version. */
export const JOB_DEFINITION_VERSION = 1;

export interface PlannedStep {
  readonly key: StepKey;
  readonly title: string;
}

/** The ordered steps of a job, decided once when it is made. */
export function stepsOf(spec: Pick<ConversionSpec, 'baseType' | 'outputs' | 'bringHome'>): PlannedStep[] {
  const needsImatrix = spec.outputs.some((type) => QUANTIZATIONS[type].needsImatrix);
  return [
    { key: 'prepare-host', title: 'Prepare the host' },
    { key: 'fetch-model', title: 'Fetch the model' },
    { key: 'inspect-model', title: 'Inspect the model' },
    { key: 'repair-model', title: 'Repair config.json' },
    { key: 'convert-model', title: 'Convert to GGUF' },
    ...(needsImatrix ? [{ key: 'imatrix', title: 'Measure important weights' } as const] : []),
    ...quantizedTypes(spec).map((type): PlannedStep => ({ key: `quantize:${type}`, title: `Make ${type}` })),
    { key: 'checksum', title: 'Compute checksums' },
    { key: 'verify', title: 'Verify' },
    ...(spec.bringHome ? [{ key: 'bring-home', title: 'Bring home' } as const] : []),
  ];
}

/**
 * The outputs that need a step of their own: all but the base, which the converter writes. With an automatic base and
 * several float outputs the base is known only after inspection; then each gets a step, and the base's finds its file
 * made already.
 */
function quantizedTypes({ baseType, outputs }: Pick<ConversionSpec, 'baseType' | 'outputs'>): QuantizationType[] {
  const floats = outputs.filter(isFloatType);
  const base = baseType === 'auto' && floats.length === 1 ? floats[0] : baseType;
  return outputs.filter((type) => type !== base);
}
