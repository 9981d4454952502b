/**
 * Checkpoints that the check does not yet judge as it must. A test fails when another joins them, and when one of them
 * is mended and still listed. The goal is an empty list.
 */
export const GAPS: ReadonlySet<string> = new Set([
  'qwen3--tokenizer-much-smaller-than-embedding',
  'mpt--class-as-transformers-spells-it',
  'smollm3--architecture-of-llama',
  'cohere2--architecture-of-cohere',
  'bloom--norm-of-the-embedding-lost',
  'granite--query-of-one-layer-half',
  'nemotron--fp8-with-scales-undeclared',
  'nemotron--int-weights-undeclared',
  'gemma--tokenizer-cut',
]);
