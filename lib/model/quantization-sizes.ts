import { QUANTIZATION_TYPES, type QuantizationType } from '../domain/quantization-types';
import { headerBytes, type TokenizerSize } from './gguf-header-size';
import { elementsOf } from './gguf-planned-tensor';
import type { GgufTensorPlan } from './gguf-tensor-plan';
import { isQuantized, mixTensorTypes } from './quantization-mix';
import { tensorBytes } from './quantization-mix-types';

export interface QuantizedSize {
  readonly type: QuantizationType;
  /** The whole file: tensors to the byte, header and tokenizer as well as they are known. */
  readonly sizeBytes: number;
  /** What this model's file needs; narrower than the type's own rule, since odd widths fall back to other types. */
  readonly needsImatrix: boolean;
  /** Why llama-quantize cannot make this file, as a sentence; null when it can. */
  readonly problem: string | null;
}

export interface SizeOptions {
  readonly baseType: 'F16' | 'BF16' | 'F32';
  readonly hasImatrix: boolean;
  /** Null when unknown: then it is estimated from the vocabulary. */
  readonly tokenizer: TokenizerSize | null;
}

/** Tensor data is aligned to this many bytes (GGUF's default). */
const ALIGNMENT = 32;

/** The size of every file that can be made of this model, in the order of QUANTIZATIONS. */
export function quantizedSizes(plan: GgufTensorPlan, options: SizeOptions): QuantizedSize[] {
  const header = headerBytes(plan, options.tokenizer);
  return QUANTIZATION_TYPES.map((type) => {
    const mix = mixTensorTypes(plan, { type, baseType: options.baseType, hasImatrix: options.hasImatrix });
    let sizeBytes = header;
    for (const tensor of plan.tensors) {
      const bytes = tensorBytes(mix.types.get(tensor.name) ?? options.baseType, elementsOf(tensor));
      sizeBytes += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    }
    return { type, sizeBytes, needsImatrix: mix.needImatrix.length > 0, problem: problemOf(plan, type, mix.types) };
  });
}

function problemOf(
  plan: GgufTensorPlan,
  type: QuantizationType,
  types: ReturnType<typeof mixTensorTypes>['types'],
): string | null {
  const packed = plan.tensors.find((tensor) => {
    const isPacked = isQuantized(tensor) && tensor.storage === 'MXFP4';
    return isPacked && types.get(tensor.name) !== 'MXFP4';
  });
  if (packed) return `${packed.name} is stored in MXFP4 already, and llama-quantize does not quantize twice.`;
  const odd = plan.tensors.find((tensor) => types.get(tensor.name) === null);
  return odd ? `${odd.name} has rows of ${odd.dimensions[0]}, which ${type} cannot cut into its blocks.` : null;
}
