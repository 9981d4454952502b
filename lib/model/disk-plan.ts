import type { ModelCheckReport } from '../domain/model-check';
import { isFloatType, QUANTIZATIONS, type QuantizationType } from '../domain/quantization-types';
import type { StepKind } from '../domain/step-key';

export interface DiskPlanInput {
  /** Bytes of the checkpoint's files; 0 when they are on the host already and need no further room. */
  readonly sourceBytes: number;
  readonly parameterCount: number;
  /** The float type of the base GGUF. */
  readonly baseType: 'F16' | 'BF16' | 'F32';
  readonly outputs: readonly QuantizationType[];
  /** Exact sizes by type, where they are known (`quantizedSizes`); the others are estimated. */
  readonly sizes?: ReadonlyMap<QuantizationType, number>;
}

export interface DiskPlan {
  readonly sourceBytes: number;
  readonly baseBytes: number;
  readonly outputBytes: Readonly<Partial<Record<QuantizationType, number>>>;
  /** The files that were asked for, the base among them where it is one. */
  readonly keptBytes: number;
  /** All of it at once, with a margin for metadata, logs and rounding: nothing is deleted before the job ends. */
  readonly totalBytes: number;
}

const MARGIN_FRACTION = 0.05;
const MARGIN_BYTES = 512 * 1024 * 1024;

/** Room that a job needs on the host's disk: source, base file and every output side by side. */
export function planDisk(input: DiskPlanInput): DiskPlan {
  const sizeOf = (type: QuantizationType) => input.sizes?.get(type) ?? fileBytes(input.parameterCount, type);
  const baseBytes = sizeOf(input.baseType);
  const outputBytes: Partial<Record<QuantizationType, number>> = {};
  for (const type of input.outputs) {
    // The base is kept as this output instead of being written twice.
    if (type !== input.baseType) outputBytes[type] = sizeOf(type);
  }
  const madeBytes = Object.values(outputBytes).reduce((sum, bytes) => sum + bytes, 0);
  const files = input.sourceBytes + baseBytes + madeBytes;
  return {
    sourceBytes: input.sourceBytes,
    baseBytes,
    outputBytes,
    keptBytes: madeBytes + (input.outputs.includes(input.baseType) ? baseBytes : 0),
    totalBytes: Math.ceil(files * (1 + MARGIN_FRACTION)) + MARGIN_BYTES,
  };
}

/** Expected size of a GGUF of this type; small models come out larger, since their embedding stays at 6 or 8 bits. */
export function fileBytes(parameterCount: number, type: QuantizationType): number {
  const bits = QUANTIZATIONS[type].bitsPerWeight;
  const smallModel = !isFloatType(type) && parameterCount < 1_000_000_000 ? 1.25 : 1;
  return Math.ceil((parameterCount * bits * smallModel) / 8);
}

/** Parameters when only the checkpoint's size is known, before its headers are read: two bytes each. */
export function guessParameterCount(sourceBytes: number): number {
  return Math.ceil(sourceBytes / 2);
}

export interface MemoryPlan {
  readonly convertBytes: number;
  readonly quantizeBytes: number;
  /** Loading maps the file; what has to be resident is the file itself, a small context, and the program. */
  readonly verifyBytes: number;
}

const PYTHON_BYTES = 400 * 1024 * 1024;
const PROGRAM_BYTES = 256 * 1024 * 1024;

/**
 * Memory that each step needs. Measured on llama.cpp v0.5.0: lazy conversion 0.36 GB plus 8 bytes per element of the
 * largest tensor; quantizing about 7 bytes per element of it.
 * @param largestTensorElements elements of the largest tensor, usually the embedding or stacked experts.
 */
export function planMemory(largestTensorElements: number, smallestOutputBytes: number): MemoryPlan {
  return {
    convertBytes: PYTHON_BYTES + 8 * largestTensorElements,
    quantizeBytes: PROGRAM_BYTES + 7 * largestTensorElements,
    verifyBytes: PROGRAM_BYTES + smallestOutputBytes,
  };
}

/** Memory for measuring which weights matter: the float file is computed with, whole. */
export function imatrixBytes(baseBytes: number): number {
  return PROGRAM_BYTES + baseBytes;
}

/** What one step needs at its peak. */
export interface StepPeak {
  readonly step: StepKind;
  /** Of the job's own files, those included that earlier steps left; of llama.cpp for preparing the host. */
  readonly diskBytes: number;
  readonly memoryBytes: number;
  /** Whose disk and memory. */
  readonly place: 'host' | 'dashboard';
}

/** llama.cpp with its Python environment, and the room to make them. */
export const TOOLCHAIN_BYTES = 3 * 1024 ** 3;
/** A compiler at work, where no ready-made llama.cpp is to be had. */
const COMPILER_BYTES = 1024 ** 3;
/** Headers and tokenizer of the largest models, read by the dashboard. */
const READING_BYTES = 256 * 1024 * 1024;

/** Disk and memory of every step, in their order. Nothing is deleted before a job ends. */
export function planSteps(disk: DiskPlan, memory: MemoryPlan): StepPeak[] {
  const converted = disk.sourceBytes + disk.baseBytes;
  const types = Object.keys(disk.outputBytes) as QuantizationType[];
  const outputs = Object.values(disk.outputBytes).reduce((sum, bytes) => sum + bytes, 0);
  const made = converted + outputs;
  const peak = (step: StepKind, diskBytes: number, memoryBytes: number): StepPeak => {
    return { step, diskBytes, memoryBytes, place: 'host' };
  };
  return [
    peak('prepare-host', TOOLCHAIN_BYTES, COMPILER_BYTES),
    peak('fetch-model', disk.sourceBytes, PROGRAM_BYTES),
    { ...peak('inspect-model', 0, READING_BYTES), place: 'dashboard' },
    peak('convert-model', converted, memory.convertBytes),
    ...(types.some((type) => QUANTIZATIONS[type].needsImatrix)
      ? [peak('imatrix', converted, imatrixBytes(disk.baseBytes))]
      : []),
    ...(types.length > 0 ? [peak('quantize', made, memory.quantizeBytes)] : []),
    peak('checksum', made, PROGRAM_BYTES),
    peak('verify', made, memory.verifyBytes),
    { ...peak('bring-home', disk.keptBytes, PROGRAM_BYTES), place: 'dashboard' },
  ];
}

/**
 * The same for a checked model and the files that are wanted of it; exact where its tensors are planned.
 * @param outputs kept at home; the float base beside them only when it is one of them.
 */
export function planWork(report: PlannedReport, outputs: readonly QuantizationType[]): StepPeak[] {
  const { work, parameterCount, fits } = report;
  if (!work) return [];
  const sizes = new Map(fits.map((fit) => [fit.type, fit.sizeBytes]));
  const disk = planDisk({ ...work, parameterCount, outputs, sizes });
  const smallest = Math.min(disk.baseBytes, ...Object.values(disk.outputBytes));
  return planSteps(disk, planMemory(work.largestTensorElements, smallest));
}

type PlannedReport = Pick<ModelCheckReport, 'work' | 'parameterCount' | 'fits'>;
