/** The largest part of a file type's name that needs importance data before llama-quantize accepts it. */
export interface QuantizationInfo {
  /** Bits per weight of a whole file, from llama.cpp's measured table for an 8B model. */
  readonly bitsPerWeight: number;
  /** llama-quantize refuses the type without an importance matrix (llama.cpp `tensor_requires_imatrix`). */
  readonly needsImatrix: boolean;
  /** What a person gets, in a few words. */
  readonly note: string;
  readonly family: 'float' | 'k-quant' | 'legacy' | 'i-quant' | 'ternary';
}

/**
 * Every file type of llama-quantize at the pinned version, with whole-file bits per weight. Figures come from
 * llama.cpp's `tools/quantize/README.md` (Llama 3.1 8B) where it lists the type, else from the tool's help text.
 */
export const QUANTIZATIONS = {
  F32: { bitsPerWeight: 32, needsImatrix: false, family: 'float', note: 'full precision, rarely worth the space' },
  BF16: { bitsPerWeight: 16, needsImatrix: false, family: 'float', note: 'exact for bfloat16 checkpoints' },
  F16: { bitsPerWeight: 16, needsImatrix: false, family: 'float', note: 'practically exact, runs everywhere' },
  Q8_0: { bitsPerWeight: 8.5, needsImatrix: false, family: 'legacy', note: 'no loss that anyone notices' },
  Q6_K: { bitsPerWeight: 6.56, needsImatrix: false, family: 'k-quant', note: 'very close to the original' },
  Q5_K_M: { bitsPerWeight: 5.7, needsImatrix: false, family: 'k-quant', note: 'small loss, good when memory allows' },
  Q5_K_S: { bitsPerWeight: 5.57, needsImatrix: false, family: 'k-quant', note: 'slightly smaller than Q5_K_M' },
  Q4_K_M: {
    bitsPerWeight: 4.89,
    needsImatrix: false,
    family: 'k-quant',
    note: 'the usual choice: half the size of Q8_0, little loss',
  },
  Q4_K_S: { bitsPerWeight: 4.67, needsImatrix: false, family: 'k-quant', note: 'slightly smaller than Q4_K_M' },
  Q3_K_L: { bitsPerWeight: 4.3, needsImatrix: false, family: 'k-quant', note: 'noticeable loss' },
  Q3_K_M: { bitsPerWeight: 4.0, needsImatrix: false, family: 'k-quant', note: 'noticeable loss, fits small machines' },
  Q3_K_S: { bitsPerWeight: 3.64, needsImatrix: false, family: 'k-quant', note: 'strong loss' },
  Q2_K: { bitsPerWeight: 3.16, needsImatrix: false, family: 'k-quant', note: 'last resort when nothing else fits' },
  Q2_K_S: { bitsPerWeight: 2.96, needsImatrix: true, family: 'k-quant', note: 'needs an importance matrix' },
  Q4_0: { bitsPerWeight: 4.66, needsImatrix: false, family: 'legacy', note: 'old format, fast on ARM' },
  Q4_1: { bitsPerWeight: 5.13, needsImatrix: false, family: 'legacy', note: 'old format' },
  Q5_0: { bitsPerWeight: 5.59, needsImatrix: false, family: 'legacy', note: 'old format' },
  Q5_1: { bitsPerWeight: 6.06, needsImatrix: false, family: 'legacy', note: 'old format' },
  IQ4_NL: { bitsPerWeight: 4.68, needsImatrix: false, family: 'i-quant', note: 'as Q4_K_S, slower to make' },
  IQ4_XS: { bitsPerWeight: 4.46, needsImatrix: false, family: 'i-quant', note: 'smallest good 4-bit, slow to make' },
  IQ3_M: { bitsPerWeight: 3.76, needsImatrix: false, family: 'i-quant', note: 'noticeable loss' },
  IQ3_S: { bitsPerWeight: 3.66, needsImatrix: false, family: 'i-quant', note: 'noticeable loss' },
  IQ3_XS: { bitsPerWeight: 3.5, needsImatrix: true, family: 'i-quant', note: 'needs an importance matrix' },
  IQ3_XXS: { bitsPerWeight: 3.25, needsImatrix: true, family: 'i-quant', note: 'needs an importance matrix' },
  IQ2_M: { bitsPerWeight: 2.93, needsImatrix: true, family: 'i-quant', note: 'needs an importance matrix' },
  IQ2_S: { bitsPerWeight: 2.74, needsImatrix: true, family: 'i-quant', note: 'needs an importance matrix' },
  IQ2_XS: { bitsPerWeight: 2.59, needsImatrix: true, family: 'i-quant', note: 'needs an importance matrix' },
  IQ2_XXS: { bitsPerWeight: 2.38, needsImatrix: true, family: 'i-quant', note: 'needs an importance matrix' },
  IQ1_M: { bitsPerWeight: 2.15, needsImatrix: true, family: 'i-quant', note: 'needs an importance matrix' },
  IQ1_S: { bitsPerWeight: 2.0, needsImatrix: true, family: 'i-quant', note: 'needs an importance matrix' },
  TQ2_0: { bitsPerWeight: 2.06, needsImatrix: false, family: 'ternary', note: 'for ternary (BitNet) models only' },
  TQ1_0: { bitsPerWeight: 1.69, needsImatrix: false, family: 'ternary', note: 'for ternary (BitNet) models only' },
  MXFP4_MOE: { bitsPerWeight: 4.25, needsImatrix: false, family: 'float', note: 'for mixture-of-experts models' },
  Q2_0: { bitsPerWeight: 2.25, needsImatrix: false, family: 'ternary', note: 'two-bit groups of 64, experimental' },
  Q1_0: { bitsPerWeight: 1.125, needsImatrix: false, family: 'ternary', note: 'one-bit models only' },
} as const satisfies Record<string, QuantizationInfo>;

export type QuantizationType = keyof typeof QUANTIZATIONS;
export const QUANTIZATION_TYPES = Object.keys(QUANTIZATIONS) as readonly QuantizationType[];

/** Aliases that llama-quantize accepts and people type. */
const ALIASES: Readonly<Record<string, QuantizationType>> = { Q3_K: 'Q3_K_M', Q4_K: 'Q4_K_M', Q5_K: 'Q5_K_M' };

/** The canonical type for what a person typed (`q4_k_m`, `Q4_K`), or null when llama-quantize does not know it. */
export function parseQuantizationType(text: string): QuantizationType | null {
  const name = text.trim().toUpperCase();
  if (name in QUANTIZATIONS) return name as QuantizationType;
  return ALIASES[name] ?? null;
}

/** The types nearest to an unknown name (longest common beginning first), for "did you mean". */
export function suggestQuantizationTypes(text: string): QuantizationType[] {
  const name = text.trim().toUpperCase();
  const near = QUANTIZATION_TYPES.map((type) => ({ type, shared: sharedPrefixLength(type, name) }))
    .filter(({ shared }) => shared >= 2)
    .sort((a, b) => b.shared - a.shared);
  return near.length > 0 ? near.slice(0, 4).map(({ type }) => type) : ['Q4_K_M', 'Q8_0', 'F16'];
}

function sharedPrefixLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** Float types are written by the converter itself; everything else is quantized from the base file. */
export function isFloatType(type: QuantizationType): type is 'F16' | 'BF16' | 'F32' {
  return type === 'F16' || type === 'BF16' || type === 'F32';
}
