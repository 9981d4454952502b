import type { QuantizationType } from '../domain/quantization-types';
import { GGML_TYPES, type GgmlType } from './ggml-types';

/** Tensor types that llama-quantize can choose, by ggml's name. */
export type TensorType =
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'Q1_0'
  | 'Q2_0'
  | 'Q4_0'
  | 'Q4_1'
  | 'Q5_0'
  | 'Q5_1'
  | 'Q8_0'
  | 'Q2_K'
  | 'Q3_K'
  | 'Q4_K'
  | 'Q5_K'
  | 'Q6_K'
  | 'IQ1_S'
  | 'IQ1_M'
  | 'IQ2_XXS'
  | 'IQ2_XS'
  | 'IQ2_S'
  | 'IQ3_XXS'
  | 'IQ3_S'
  | 'IQ4_NL'
  | 'IQ4_XS'
  | 'TQ1_0'
  | 'TQ2_0'
  | 'MXFP4';

/** What a file type's tensors are unless a rule says otherwise (`llama_ftype_get_default_type`, llama.cpp v0.5.0). */
export const DEFAULT_TENSOR_TYPES: Readonly<Record<QuantizationType, TensorType>> = {
  F32: 'F32',
  BF16: 'BF16',
  F16: 'F16',
  Q8_0: 'Q8_0',
  Q6_K: 'Q6_K',
  Q5_K_M: 'Q5_K',
  Q5_K_S: 'Q5_K',
  Q4_K_M: 'Q4_K',
  Q4_K_S: 'Q4_K',
  Q3_K_L: 'Q3_K',
  Q3_K_M: 'Q3_K',
  Q3_K_S: 'Q3_K',
  Q2_K: 'Q2_K',
  Q2_K_S: 'Q2_K',
  Q4_0: 'Q4_0',
  Q4_1: 'Q4_1',
  Q5_0: 'Q5_0',
  Q5_1: 'Q5_1',
  IQ4_NL: 'IQ4_NL',
  IQ4_XS: 'IQ4_XS',
  IQ3_M: 'IQ3_S',
  IQ3_S: 'IQ3_S',
  IQ3_XS: 'IQ3_S',
  IQ3_XXS: 'IQ3_XXS',
  IQ2_M: 'IQ2_S',
  IQ2_S: 'IQ2_XS',
  IQ2_XS: 'IQ2_XS',
  IQ2_XXS: 'IQ2_XXS',
  IQ1_M: 'IQ1_M',
  IQ1_S: 'IQ1_S',
  TQ2_0: 'TQ2_0',
  TQ1_0: 'TQ1_0',
  MXFP4_MOE: 'MXFP4',
  Q2_0: 'Q2_0',
  Q1_0: 'Q1_0',
};

/** What is taken when a row cannot be cut into the type's blocks (`tensor_type_fallback`). */
const FALLBACKS: Readonly<Partial<Record<TensorType, TensorType>>> = {
  IQ1_S: 'IQ4_NL',
  IQ1_M: 'IQ4_NL',
  IQ2_XXS: 'IQ4_NL',
  IQ2_XS: 'IQ4_NL',
  IQ2_S: 'IQ4_NL',
  IQ3_XXS: 'IQ4_NL',
  IQ3_S: 'IQ4_NL',
  IQ4_XS: 'IQ4_NL',
  Q2_0: 'Q4_0',
  Q2_K: 'Q4_0',
  Q3_K: 'Q4_0',
  TQ1_0: 'Q4_0',
  TQ2_0: 'Q4_0',
  Q4_K: 'Q5_0',
  Q5_K: 'Q5_1',
  Q6_K: 'Q8_0',
};

const BY_NAME: ReadonlyMap<string, GgmlType> = new Map([...GGML_TYPES.values()].map((type) => [type.name, type]));

function ggmlType(type: TensorType): GgmlType {
  const found = BY_NAME.get(type);
  if (!found) throw new Error(`${type} is missing in GGML_TYPES`);
  return found;
}

/** Elements per block of a type; a row is a whole number of blocks. */
export function blockElements(type: TensorType): number {
  return ggmlType(type).blockElements;
}

/** Bytes of a tensor with this many elements, rows being whole blocks. */
export function tensorBytes(type: TensorType, elements: number): number {
  const { blockElements: perBlock, blockBytes } = ggmlType(type);
  return (elements / perBlock) * blockBytes;
}

/** The type that a row of this many columns can have; null where llama-quantize gives up (`no tensor type fallback`). */
export function typeForColumns(type: TensorType, columns: number): TensorType | null {
  if (columns % blockElements(type) === 0) return type;
  const next = FALLBACKS[type] ?? (blockElements(type) <= 32 ? type : null);
  if (next === null) return null;
  return columns % blockElements(next) === 0 ? next : 'F16';
}
