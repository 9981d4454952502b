import type { ConfigReader } from './config-reader';
import type { TensorFacts } from './tensor-facts';

/** A field that no shape decides and that the converter takes from the class when it is absent. */
export interface ShapelessField {
  /** The keys under which configs write it. */
  readonly keys: readonly string[];
  readonly label: string;
  /** Why a wrong value matters, for a person. */
  readonly effect: string;
  /** Types whose converter reads it; all whose class has the key when absent. */
  readonly types?: readonly string[];
  readonly exceptTypes?: readonly string[];
  /** Types all of whose published models have the class default: saying so is enough. */
  readonly settledTypes?: readonly string[];
  /** Values besides the class default that occur, the likeliest first. */
  readonly candidates?: (facts: TensorFacts, config: ConfigReader) => readonly (number | null)[];
  /** True when configs of that age never had the field. */
  readonly mayLack?: (config: ConfigReader, version: readonly number[] | null) => boolean;
  readonly needs?: (facts: TensorFacts) => boolean;
  /** What the class assumes, where it has the key and the table of defaults does not, as it is about other classes or about lists. */
  readonly assumed?: number | null;
}

/** Their converters write no rotary base, partly because llama.cpp computes with a fixed one. */
const NO_THETA = ['falcon', 'phi', 'gpt_neox', 'stablelm', 'mpt', 'bloom', 'gptj'];
const FALCON_H1_SCALES = [
  'embedding_multiplier',
  'lm_head_multiplier',
  'key_multiplier',
  'attention_in_multiplier',
  'attention_out_multiplier',
  'ssm_in_multiplier',
  'ssm_out_multiplier',
  'mlp_multipliers',
  'ssm_multipliers',
];
const QWEN = ['qwen2', 'qwen2_moe', 'qwen3', 'qwen3_moe'];

export const SHAPELESS_FIELDS: readonly ShapelessField[] = [
  {
    keys: ['rope_theta', 'rotary_emb_base', 'global_rope_theta', 'rope_parameters'],
    label: 'base of the rotary positions',
    effect: 'A wrong one reads fluently at first and loses the thread over distance.',
    exceptTypes: NO_THETA,
    candidates: likelyThetas,
    // The field is younger than the first Llama: those checkpoints mean the class default, and say so by their age.
    mayLack: (config, version) => config.modelType === 'llama' && version !== null && isOlder(version, [4, 33]),
  },
  {
    keys: ['rms_norm_eps', 'norm_eps', 'layer_norm_eps', 'layer_norm_epsilon', 'norm_epsilon'],
    label: 'epsilon of the norms',
    effect: 'A wrong one changes every layer a little.',
    exceptTypes: ['t5', 'mt5', 'umt5', 'mamba', 'falcon_mamba', 'mamba2', 'bloom', 'mpt'],
    candidates: () => [1e-5, 1e-6],
  },
  {
    keys: ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len'],
    label: 'context length',
    effect: 'It is the length that programs offer, and long-context scaling is computed from it.',
    exceptTypes: ['falcon', 'bloom', 't5', 'mt5', 'umt5'],
    needs: ({ facts }) => facts.max_position_embeddings === undefined,
  },
  {
    keys: ['original_max_position_embeddings'],
    label: 'context length before it was stretched',
    effect: 'Long-context scaling is computed from it.',
    types: ['phi3'],
    candidates: (_facts, config) => [config.number(['max_position_embeddings'])].filter((size) => size !== null),
  },
  {
    keys: ['partial_rotary_factor', 'rotary_pct', 'rope_pct', 'rope_percent', 'rope_parameters'],
    label: 'share of a head that rotates',
    effect: 'A wrong one scrambles positions.',
    types: ['phi', 'stablelm', 'gpt_neox', 'nemotron', 'glm', 'glm4', 'glm4_moe'],
    candidates: () => [0.25, 0.4, 0.5, 1],
  },
  {
    keys: ['rope_scaling', 'rope_parameters'],
    label: 'scaling of the rotary positions',
    effect: 'Without it, a model that was stretched reads nothing beyond its first length.',
    exceptTypes: NO_THETA,
    candidates: () => [null],
    // Written as null since the class has it, which differs by class; before, its absence means nothing.
    mayLack: (config, version) =>
      version === null || isOlder(version, config.modelType === 'llama' ? [4, 31] : [4, 46]),
  },
  {
    keys: ['intermediate_size'],
    label: 'feed-forward size of dense layers',
    effect: 'No layer of this model has it, but the GGUF states it.',
    types: ['qwen2_moe', 'qwen3_moe'],
    needs: ({ facts }) => facts.intermediate_size === undefined,
  },
  {
    keys: ['num_experts_per_tok', 'num_experts_per_token', 'top_k_experts', 'moe_k', 'moe_topk'],
    label: 'experts used for each token',
    effect: 'A wrong number sends every token through the wrong mixture.',
    candidates: () => [2, 4, 8],
    needs: ({ facts }) => facts.num_experts !== undefined,
  },
  {
    keys: ['sliding_window'],
    label: 'sliding window',
    effect: 'A wrong one hides or shows context that the model was not trained with.',
    types: ['phi3', 'gemma3_text', 'gemma2', 'gpt_oss', 'cohere2', 'olmo3', 'exaone4'],
    settledTypes: ['gemma2', 'gpt_oss', 'cohere2'],
    candidates: (_facts, config) => (config.modelType === 'gemma3_text' ? [1024, 512] : [null, 2047, 4096]),
  },
  {
    keys: ['attn_logit_softcapping', 'final_logit_softcapping'],
    label: 'soft cap of the logits',
    effect: 'It shapes every output.',
    types: ['gemma2'],
    settledTypes: ['gemma2'],
  },
  {
    keys: ['use_parallel_residual'],
    label: 'parallel residual',
    effect: 'A wrong one computes another network.',
    types: ['gpt_neox', 'stablelm'],
    settledTypes: ['gpt_neox', 'stablelm'],
    // The first GPT-NeoX and StableLM were published before the field was.
    mayLack: (_config, version) => version !== null && isOlder(version, [4, 39]),
  },
  ...['embedding_multiplier', 'residual_multiplier', 'attention_multiplier', 'logits_scaling'].map((key) => ({
    keys: [key],
    label: 'scale',
    effect: 'It scales every layer or output.',
    types: ['granite', 'granitemoe', 'granitemoeshared', 'granitemoehybrid'],
  })),
  ...FALCON_H1_SCALES.map((key) => ({
    keys: [key],
    label: key.endsWith('multipliers') ? 'scales, a list' : 'scale',
    effect: 'The converter multiplies weights with it.',
    types: ['falcon_h1'],
    assumed: key.endsWith('multipliers') ? null : 1,
  })),
  {
    keys: ['num_kv_shared_layers'],
    label: 'layers that use the keys and values of others',
    effect: 'A wrong number computes another network.',
    types: ['gemma3n_text'],
    assumed: 15,
    candidates: () => [15, 10, 0],
  },
  {
    keys: ['clip_qkv'],
    label: 'bound of queries, keys and values',
    effect: 'A wrong one computes another network.',
    types: ['olmo'],
    assumed: null,
    candidates: () => [8],
  },
  {
    keys: ['logit_scale'],
    label: 'scale of the logits',
    effect: 'It scales every output.',
    types: ['cohere', 'cohere2'],
    candidates: () => [0.0625, 0.25],
  },
  ...['routed_scaling_factor', 'n_group', 'topk_group', 'norm_topk_prob'].map((key) => ({
    keys: [key],
    label: 'routing of the experts',
    effect: 'A wrong one weighs the experts wrongly.',
    types: ['deepseek_v2', 'deepseek_v3', 'glm4_moe', 'dots1'],
    needs: ({ facts }: TensorFacts) => facts.num_experts !== undefined,
  })),
];

/** What a rotary base usually is beside such a vocabulary. */
function likelyThetas({ facts }: TensorFacts, config: ConfigReader): readonly number[] {
  const vocabulary = Number(facts.vocab_size?.value ?? 0);
  if (QWEN.includes(config.modelType ?? '')) return [1_000_000, 10_000, 5_000_000];
  if (vocabulary === 100_352 && config.modelType === 'phi3') return [250_000, 500_000, 10_000];
  if (vocabulary >= 128_000 && vocabulary < 129_000) return [500_000, 10_000, 1_000_000];
  return [10_000, 500_000, 1_000_000];
}

function isOlder(version: readonly number[], than: readonly number[]): boolean {
  const [major = 0, minor = 0] = version;
  const [thanMajor = 0, thanMinor = 0] = than;
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}
