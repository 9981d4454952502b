/** What transformers fills in for a field that config.json lacks, by `model_type`; a number that is not here is unknown. */
export interface ConfigDefaults {
  readonly layers: number;
  readonly hidden: number;
  readonly vocabulary: number;
  /** Null where the default follows the hidden size (four times it). */
  readonly feedForward: number | null;
  readonly heads: number;
  /** Null where the default is "as many as heads". */
  readonly keyValueHeads: number | null;
  /** Null where the default is hidden size / heads. */
  readonly headDim: number | null;
}

function defaults(
  layers: number,
  hidden: number,
  vocabulary: number,
  feedForward: number | null,
  heads: number,
  keyValueHeads: number | null = null,
  headDim: number | null = null,
): ConfigDefaults {
  return { layers, hidden, vocabulary, feedForward, heads, keyValueHeads, headDim };
}

/**
 * Class defaults of transformers' configuration classes (4.57). The converter loads config.json through them, so an
 * absent field silently becomes this number.
 */
export const CONFIG_DEFAULTS: ReadonlyMap<string, ConfigDefaults> = new Map([
  ['llama', defaults(32, 4096, 32000, 11008, 32)],
  ['mistral', defaults(32, 4096, 32000, 14336, 32, 8)],
  ['mixtral', defaults(32, 4096, 32000, 14336, 32, 8)],
  ['qwen2', defaults(32, 4096, 151936, 22016, 32, 32)],
  ['qwen2_moe', defaults(24, 2048, 151936, 5632, 16, 16)],
  ['qwen3', defaults(32, 4096, 151936, 22016, 32, 32, 128)],
  ['qwen3_moe', defaults(24, 2048, 151936, 6144, 32, 4)],
  ['phi', defaults(24, 2048, 51200, 8192, 32)],
  ['phi3', defaults(32, 3072, 32064, 8192, 32)],
  ['gemma', defaults(28, 3072, 256000, 24576, 16, 16, 256)],
  ['gemma2', defaults(26, 2304, 256000, 9216, 8, 4, 256)],
  ['gemma3_text', defaults(26, 2304, 262208, 9216, 8, 4, 256)],
  ['olmo', defaults(32, 4096, 50304, 11008, 32)],
  ['olmo2', defaults(32, 4096, 50304, 11008, 32)],
  ['starcoder2', defaults(30, 3072, 49152, 12288, 24, 2)],
  ['stablelm', defaults(32, 2560, 50304, 6912, 32, 32)],
  ['smollm3', defaults(36, 2048, 128256, 11008, 16, 4)],
  ['granite', defaults(32, 4096, 32000, 11008, 32)],
  ['cohere', defaults(40, 8192, 256000, 22528, 64)],
  ['gpt2', defaults(12, 768, 50257, null, 12)],
  ['gpt_bigcode', defaults(12, 768, 50257, null, 12)],
  ['gptj', defaults(28, 4096, 50400, null, 16)],
  ['gpt_neox', defaults(44, 6144, 50432, 24576, 64)],
  ['falcon', defaults(32, 4544, 65024, null, 71)],
  ['bloom', defaults(2, 64, 250880, null, 8)],
  ['bert', defaults(12, 768, 30522, 3072, 12)],
  ['roberta', defaults(12, 768, 50265, 3072, 12)],
  ['xlm-roberta', defaults(12, 768, 30522, 3072, 12)],
]);

/**
 * Types whose projections are exactly heads × head size wide. Others (gated attention, layers of different heads) are
 * left alone: a product that does not fit proves nothing there.
 */
export const PLAIN_ATTENTION: ReadonlySet<string> = new Set([
  'llama',
  'mistral',
  'mixtral',
  'qwen2',
  'qwen2_moe',
  'qwen3',
  'qwen3_moe',
  'phi',
  'phi3',
  'gemma',
  'gemma2',
  'gemma3_text',
  'olmo',
  'olmo2',
  'starcoder2',
  'stablelm',
  'smollm3',
  'granite',
]);
