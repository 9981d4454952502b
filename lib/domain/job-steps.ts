import type { ConversionSpec } from './conversion-spec';
import { isFloatType, QUANTIZATIONS, type QuantizationType } from './quantization-types';
import type { StepKey } from './step-key';

/**
 * Stamped on every job when it is made; the pipeline refuses jobs of another version. 1 had one list of steps, 2 has a
 * graph with steps for each file. Jobs on a rented machine came later and have two steps more; the others are as they were.
 */
export const JOB_DEFINITION_VERSION = 2;

export interface PlannedStep {
  readonly key: StepKey;
  readonly title: string;
  /** The steps whose results this one reads; what they need in turn is not repeated. */
  readonly after: readonly StepKey[];
}

type StepsSpec = Pick<ConversionSpec, 'baseType' | 'outputs' | 'bringHome'> & {
  readonly rental?: ConversionSpec['rental'];
};

/**
 * The steps of a job and what each waits for, decided once when it is made. Their order is that of importance: of two
 * that could begin the earlier one does, so every file is made before the first is verified.
 */
export function stepsOf(spec: StepsSpec): PlannedStep[] {
  return spec.rental ? onRentedHost(stepsOnHost(spec)) : stepsOnHost(spec);
}

/** Nothing begins before the machine is there, and it is given back once nothing is left to be done on it. */
function onRentedHost(steps: readonly PlannedStep[]): PlannedStep[] {
  const isLast = ({ key }: PlannedStep) => !steps.some(({ after }) => after.includes(key));
  return [
    { key: 'rent-host', title: 'Rent a machine', after: [] },
    ...steps.map((step): PlannedStep => ({ ...step, after: step.after.length > 0 ? step.after : ['rent-host'] })),
    { key: 'release-host', title: 'Give the machine back', after: steps.filter(isLast).map(({ key }) => key) },
  ];
}

function stepsOnHost(spec: StepsSpec): PlannedStep[] {
  const { outputs } = spec;
  const quantized = quantizedTypes(spec);
  const makerOf = (type: QuantizationType): StepKey =>
    quantized.includes(type) ? `quantize:${type}` : 'convert-model';
  return [
    ...trunkOf(spec),
    ...quantized.map(
      (type): PlannedStep => ({ key: `quantize:${type}`, title: `Make ${type}`, after: neededFor(type) }),
    ),
    ...outputs.map(
      (type): PlannedStep => ({ key: `checksum:${type}`, title: `Checksum of ${type}`, after: [makerOf(type)] }),
    ),
    // The proof of a file is filed under its hash.
    ...outputs.map(
      (type): PlannedStep => ({ key: `verify:${type}`, title: `Verify ${type}`, after: [`checksum:${type}`] }),
    ),
    ...(spec.bringHome ? outputs : []).map(
      (type): PlannedStep => ({ key: `bring-home:${type}`, title: `Bring ${type} home`, after: [`checksum:${type}`] }),
    ),
  ];
}

/** What is done once. llama.cpp is installed while the checkpoint is on its way: neither needs the other. */
function trunkOf({ outputs }: StepsSpec): PlannedStep[] {
  const needsImatrix = outputs.some((type) => QUANTIZATIONS[type].needsImatrix);
  return [
    { key: 'prepare-host', title: 'Prepare the host', after: [] },
    { key: 'fetch-model', title: 'Fetch the model', after: [] },
    { key: 'inspect-model', title: 'Inspect the model', after: ['fetch-model'] },
    { key: 'repair-model', title: 'Repair config.json', after: ['inspect-model'] },
    { key: 'convert-model', title: 'Convert to GGUF', after: ['prepare-host', 'repair-model'] },
    ...(needsImatrix
      ? [{ key: 'imatrix', title: 'Measure important weights', after: ['convert-model'] } as const]
      : []),
  ];
}

function neededFor(type: QuantizationType): StepKey[] {
  return QUANTIZATIONS[type].needsImatrix ? ['convert-model', 'imatrix'] : ['convert-model'];
}

/**
 * The outputs that need a step to be made: all but the base, which the converter writes. With an automatic base and
 * several float outputs the base is known only after inspection; then each gets a step, and the base's finds its file
 * made already.
 */
function quantizedTypes({ baseType, outputs }: StepsSpec): QuantizationType[] {
  const floats = outputs.filter(isFloatType);
  const base = baseType === 'auto' && floats.length === 1 ? floats[0] : baseType;
  return outputs.filter((type) => type !== base);
}
