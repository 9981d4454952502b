import type { QuantizationType } from '../domain/quantization-types';
import type { TensorType } from './quantization-mix-types';

/** What llama-quantize takes into account for one tensor (`llama_tensor_get_type_impl`, llama.cpp v0.5.0). */
export interface MixContext {
  readonly type: QuantizationType;
  /** The type's default, `DEFAULT_TENSOR_TYPES[type]`. */
  readonly base: TensorType;
  readonly isFalcon: boolean;
  /** A Llama of 80 layers whose heads share keys; its value matrices are small. */
  readonly isSeventyB: boolean;
  readonly expertCount: number;
  /** Heads that share one key and value head, rounded down. */
  readonly queriesPerKey: number;
  readonly hasImatrix: boolean;
  /** Which of its kind this tensor is, and of how many. */
  readonly index: number;
  readonly count: number;
}

/** File types of one and two bits, which have rules of their own. */
export const LOW_BIT: ReadonlySet<QuantizationType> = new Set([
  'IQ1_S',
  'IQ1_M',
  'IQ2_XXS',
  'IQ2_XS',
  'IQ2_S',
  'IQ2_M',
]);
const TWO_BIT_S: ReadonlySet<QuantizationType> = new Set(['IQ2_S', 'IQ2_M']);
const ONE_BIT: ReadonlySet<QuantizationType> = new Set(['IQ1_S', 'IQ1_M']);
const FIVE_BIT_OUTPUT: ReadonlySet<QuantizationType> = new Set([...LOW_BIT, 'IQ3_XXS']);
const BETTER_OUTPUT_PROJECTION: ReadonlySet<QuantizationType> = new Set([
  'Q2_K',
  'IQ3_XS',
  'IQ3_XXS',
  'Q3_K_S',
  'Q3_K_M',
  'IQ4_NL',
  'Q4_K_S',
  'Q4_K_M',
  'IQ3_S',
  'IQ3_M',
  'IQ4_XS',
]);

/** The first and last eighth of the layers, and every third one between (`use_more_bits`). */
function deservesMoreBits({ index, count }: Pick<MixContext, 'index' | 'count'>): boolean {
  const eighth = Math.floor(count / 8);
  return index < eighth || index >= Math.floor((7 * count) / 8) || (index - eighth) % 3 === 2;
}

function isInFirst(part: number, { index, count }: MixContext): boolean {
  return index < Math.floor(count / part);
}

/** The output matrix, or the embedding where it serves as one. `fits`: its rows can be cut into the default's blocks. */
export function outputType({ type, base, isFalcon }: MixContext, fits: boolean): TensorType {
  if (type === 'MXFP4_MOE' || isFalcon || !fits) return 'Q8_0';
  if (FIVE_BIT_OUTPUT.has(type)) return 'Q5_K';
  return base === 'Q8_0' ? base : 'Q6_K';
}

export function embeddingType({ type, base }: MixContext): TensorType {
  if (ONE_BIT.has(type) || type === 'IQ2_XXS' || type === 'IQ2_XS') return 'Q2_K';
  if (TWO_BIT_S.has(type) || type === 'IQ3_XXS') return 'IQ3_S';
  return type === 'TQ1_0' || type === 'TQ2_0' || type === 'Q2_0' ? 'Q4_K' : base;
}

/** Value matrices, also those fused with query and key. */
export function lowBitValueType({ type, queriesPerKey, expertCount }: MixContext): TensorType {
  if (queriesPerKey >= 4 || expertCount >= 4) return 'Q4_K';
  return TWO_BIT_S.has(type) ? 'IQ3_S' : 'Q2_K';
}

export function lowBitDownType(context: MixContext): TensorType {
  if (!isInFirst(8, context)) return context.base;
  return TWO_BIT_S.has(context.type) ? 'IQ3_S' : 'Q2_K';
}

export function lowBitOutputProjectionType({ type, base, expertCount }: MixContext): TensorType {
  if (expertCount === 8) return 'Q5_K';
  if (ONE_BIT.has(type)) return 'IQ2_XXS';
  return TWO_BIT_S.has(type) ? 'IQ3_S' : base;
}

/** Value matrices, also those fused with query and key. */
export function valueType(context: MixContext): TensorType {
  if (context.expertCount === 8) return 'Q8_0';
  const chosen = valueTypeOfFile(context);
  return context.isSeventyB && (chosen === 'Q3_K' || chosen === 'Q4_K') ? 'Q5_K' : chosen;
}

function valueTypeOfFile({ type, base, queriesPerKey, hasImatrix, index, count }: MixContext): TensorType {
  const isShared = queriesPerKey >= 4;
  switch (type) {
    case 'Q2_K':
      return isShared ? 'Q4_K' : 'Q3_K';
    case 'IQ3_XXS':
      if (isShared) return 'Q4_K';
      return hasImatrix ? 'IQ3_XXS' : 'IQ3_S';
    case 'Q2_K_S':
    case 'IQ3_XS':
    case 'IQ3_S':
      return isShared ? 'Q4_K' : base;
    case 'IQ3_M':
      return 'Q4_K';
    case 'Q3_K_M':
      return index < 2 ? 'Q5_K' : 'Q4_K';
    case 'Q3_K_L':
      return 'Q5_K';
    case 'IQ4_NL':
    case 'IQ4_XS':
      return isShared ? 'Q5_K' : base;
    case 'Q4_K_M':
    case 'Q5_K_M':
      return deservesMoreBits({ index, count }) ? 'Q6_K' : base;
    case 'Q4_K_S':
      return index < 4 ? 'Q5_K' : base;
    default:
      return base;
  }
}

export function keyType(context: MixContext): TensorType {
  return context.expertCount === 8 ? 'Q8_0' : queryType(context);
}

export function queryType({ type, base }: MixContext): TensorType {
  if (type === 'IQ3_XS') return 'IQ3_XXS';
  return type === 'IQ3_XXS' ? 'IQ2_S' : base;
}

const fourBitDown = (context: MixContext) => (isInFirst(8, context) && !context.hasImatrix ? 'Q5_K' : context.base);

/** Down projections, which lose most, by file type. */
const DOWN_RULES: Readonly<Partial<Record<QuantizationType, (context: MixContext) => TensorType>>> = {
  Q2_K: () => 'Q3_K',
  Q2_K_S: (context) => (isInFirst(8, context) ? 'Q4_K' : context.base),
  IQ3_XXS: (context) => {
    if (context.hasImatrix) return context.base;
    return isInFirst(8, context) ? 'Q4_K' : 'Q3_K';
  },
  IQ3_M: (context) => {
    const isExpertOfEight = context.expertCount === 8 && deservesMoreBits(context);
    return isInFirst(8, context) || isExpertOfEight ? 'Q4_K' : context.base;
  },
  Q3_K_M: (context) => {
    if (isInFirst(16, context)) return 'Q5_K';
    return !context.isFalcon || deservesMoreBits(context) ? 'Q4_K' : 'Q3_K';
  },
  Q3_K_L: (context) => (context.isFalcon ? 'Q4_K' : 'Q5_K'),
  IQ4_NL: fourBitDown,
  IQ4_XS: fourBitDown,
  Q4_K_S: (context) => (!context.isFalcon && isInFirst(8, context) ? 'Q5_K' : context.base),
  Q4_K_M: (context) => {
    const more = deservesMoreBits(context);
    if (!context.isFalcon) return more ? 'Q6_K' : context.base;
    if (isInFirst(16, context)) return 'Q6_K';
    return more ? 'Q5_K' : 'Q4_K';
  },
  Q5_K_M: (context) => (deservesMoreBits(context) ? 'Q6_K' : context.base),
  Q4_0: (context) => (context.hasImatrix && isInFirst(8, context) ? 'Q4_1' : context.base),
  Q5_0: (context) => (context.hasImatrix && isInFirst(8, context) ? 'Q5_1' : context.base),
};

export function downType(context: MixContext): TensorType {
  return DOWN_RULES[context.type]?.(context) ?? context.base;
}

export function outputProjectionType({ type, base, isFalcon, expertCount }: MixContext): TensorType {
  if (isFalcon) return type === 'Q3_K_L' ? 'Q4_K' : base;
  if (expertCount === 8) return BETTER_OUTPUT_PROJECTION.has(type) ? 'Q5_K' : base;
  const chosen: Readonly<Partial<Record<QuantizationType, TensorType>>> = {
    Q2_K: 'Q3_K',
    IQ3_XXS: 'IQ3_S',
    Q3_K_M: 'Q4_K',
    Q3_K_L: 'Q5_K',
    IQ3_M: 'Q4_K',
  };
  return chosen[type] ?? base;
}

/** Gate and up matrices of the feed-forward part. */
export function gateOrUpType(context: MixContext): TensorType {
  const { type, base, index, count } = context;
  const isMiddle = index >= Math.floor(count / 8) && index < Math.floor((7 * count) / 8);
  return type === 'IQ3_XS' && isMiddle ? 'IQ3_XXS' : base;
}
