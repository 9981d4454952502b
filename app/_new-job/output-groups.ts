import {
  QUANTIZATION_TYPES,
  QUANTIZATIONS,
  type QuantizationInfo,
  type QuantizationType,
} from '../../lib/domain/quantization-types';

export interface OutputGroup {
  readonly title: string;
  readonly words: string;
  readonly types: readonly QuantizationType[];
}

/** The ones to start from: what most people want, from exact to small. */
const USUAL: readonly QuantizationType[] = ['F16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M', 'Q3_K_M', 'Q2_K'];

const FAMILIES: readonly {
  readonly family: QuantizationInfo['family'];
  readonly title: string;
  readonly words: string;
}[] = [
  { family: 'float', title: 'Float', words: 'Not quantized: as exact as the checkpoint.' },
  { family: 'k-quant', title: 'K-quants', words: 'The modern default: good on every CPU and GPU.' },
  { family: 'i-quant', title: 'I-quants', words: 'Smaller at the same quality, slower to make and on CPUs.' },
  { family: 'legacy', title: 'Old formats', words: 'For old programs and some ARM chips.' },
  { family: 'ternary', title: 'Ternary', words: 'Only for models that were trained for it.' },
];

/** All types of llama-quantize: the usual ones first, then by family, each from many bits to few. */
export function outputGroups(): readonly OutputGroup[] {
  const rest = FAMILIES.map(({ family, title, words }) => ({
    title,
    words,
    types: byBits(QUANTIZATION_TYPES.filter((type) => QUANTIZATIONS[type].family === family && !USUAL.includes(type))),
  }));
  return [
    { title: 'Usual', words: 'From exact to small.', types: USUAL },
    ...rest.filter((group) => group.types.length > 0),
  ];
}

function byBits(types: readonly QuantizationType[]): readonly QuantizationType[] {
  return [...types].sort((left, right) => QUANTIZATIONS[right].bitsPerWeight - QUANTIZATIONS[left].bitsPerWeight);
}
