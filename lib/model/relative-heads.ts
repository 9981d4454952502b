import { KNOWN_MODELS } from './fingerprints/known-models';
import type { TensorFacts } from './tensor-facts';

/**
 * How many attention heads the known models have whose widths these are: hidden size, feed-forward and both products of
 * the attention. Layers and vocabulary may be others, since people cut and extend those; heads they keep.
 */
export function headsOfRelatives({ facts }: TensorFacts): ReadonlySet<number> {
  const wanted = [
    facts.hidden_size,
    facts.intermediate_size ?? facts.moe_intermediate_size,
    facts.query_rows,
    facts.key_rows,
  ];
  const sizes = wanted.map((fact) => fact?.value);
  if (sizes.includes(undefined)) return new Set();
  const heads = KNOWN_MODELS.flatMap(({ dimensions }) => {
    const { hiddenSize, intermediateSize, moeIntermediateSize, numAttentionHeads, numKeyValueHeads, headDim } =
      dimensions;
    if (numAttentionHeads === undefined || numKeyValueHeads === undefined || headDim === undefined) return [];
    const own = [
      hiddenSize,
      intermediateSize ?? moeIntermediateSize,
      numAttentionHeads * headDim,
      numKeyValueHeads * headDim,
    ];
    return own.every((size, at) => size === sizes[at]) ? [numAttentionHeads] : [];
  });
  return new Set(heads);
}
