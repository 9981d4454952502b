import { QUANTIZATION_TYPES, QUANTIZATIONS, type QuantizationType } from '../domain/quantization-types';
import { fileBytes } from './disk-plan';
import { headerBytes, type TokenizerSize } from './gguf-header-size';
import { elementsOf } from './gguf-planned-tensor';
import type { GgufTensorPlan } from './gguf-tensor-plan';
import { isQuantized, mixTensorTypes, prepareMix, type TensorMix } from './quantization-mix';
import { tensorBytes } from './quantization-mix-types';

export interface QuantizedSize {
  readonly type: QuantizationType;
  /** The whole file: tensors to the byte, header and tokenizer as well as they are known. */
  readonly sizeBytes: number;
  /** Why llama-quantize cannot make this file, as a sentence; null when it can. */
  readonly problem: string | null;
}

export interface SizeOptions {
  readonly baseType: 'F16' | 'BF16' | 'F32';
  /** Null when unknown: then it is estimated from the vocabulary. */
  readonly tokenizer: TokenizerSize | null;
}

/** Tensor data is aligned to this many bytes (GGUF's default). */
const ALIGNMENT = 32;

/** The size of every file that can be made of this model, in the order of QUANTIZATIONS. */
export function quantizedSizes(plan: GgufTensorPlan, options: SizeOptions): QuantizedSize[] {
  const header = headerBytes(plan, options.tokenizer);
  const prepared = prepareMix(plan);
  return QUANTIZATION_TYPES.map((type) => {
    // A job makes importance data for the types that need it, and hands it to no others.
    const { needsImatrix: hasImatrix } = QUANTIZATIONS[type];
    const mix = mixTensorTypes(prepared, { type, baseType: options.baseType, hasImatrix });
    let sizeBytes = header;
    for (const tensor of plan.tensors) {
      const bytes = tensorBytes(mix.get(tensor.name) ?? options.baseType, elementsOf(tensor));
      sizeBytes += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    }
    return { type, sizeBytes, problem: problemOf(plan, type, mix) };
  });
}

/** Sizes for a model whose tensors are not planned, by usual bits per weight. */
export function estimateSizes(parameterCount: number): QuantizedSize[] {
  return QUANTIZATION_TYPES.map((type) => ({ type, sizeBytes: fileBytes(parameterCount, type), problem: null }));
}

function problemOf(plan: GgufTensorPlan, type: QuantizationType, mix: TensorMix): string | null {
  const packed = plan.tensors.find((tensor) => {
    const isPacked = isQuantized(tensor) && tensor.storage === 'MXFP4';
    return isPacked && mix.get(tensor.name) !== 'MXFP4';
  });
  if (packed) return `${packed.name} is stored in MXFP4 already, and llama-quantize does not quantize twice.`;
  const odd = plan.tensors.find((tensor) => mix.get(tensor.name) === null);
  return odd ? `${odd.name} has rows of ${odd.dimensions[0]}, which ${type} cannot cut into its blocks.` : null;
}
