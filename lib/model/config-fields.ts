import { type ConfigReader, HIDDEN_KEYS } from './config-reader';
import type { FactName } from './naming-family';
import type { TensorFacts } from './tensor-facts';

/** One field that shapes decide: under which keys configs write it, and when it is right although it differs. */
export interface CheckedField {
  readonly fact: FactName;
  /** In words, for messages. */
  readonly label: string;
  /** Keys in the order in which the converter looks for them. */
  readonly keys: readonly string[];
  /** Types to which the field applies; all when absent. Needed where a key means something else elsewhere. */
  readonly types?: readonly string[];
  /** What the field must say, where that is not the fact itself; null when it cannot be told. */
  readonly expects?: (facts: TensorFacts, config: ConfigReader) => number | null;
  /** Values of config.json that are right although they differ from the tensors. */
  readonly accepts?: (configured: number, actual: number, config: ConfigReader) => boolean;
  /** True when this config says its size in a way that is not checked here. */
  readonly skips?: (config: ConfigReader, facts: TensorFacts) => boolean;
  /** True when the converter and llama.cpp get along without it: worth repairing, no reason to stop. */
  readonly isHarmless?: boolean;
}

/** Layers that only predict further tokens are stored behind the others and counted apart (DeepSeek V3, GLM 4.5). */
export const EXTRA_LAYER_KEYS = ['num_nextn_predict_layers', 'mtp_num_hidden_layers', 'num_mtp_layers'] as const;

/** Keys that mean "the feed-forward size is computed or differs by layer". */
const COMPUTED_FEED_FORWARD = [
  'block_auto_adjust_ff_dim',
  'block_configs',
  'ffn_multipliers',
  'ffn_config',
  'expansion_ratio',
  'intermediate_size_mlp',
];
const EXPERT_KEYS = ['num_local_experts', 'num_experts', 'n_routed_experts', 'moe_num_experts'];
const FEED_FORWARD_KEYS = ['intermediate_size', 'ffn_hidden_size', 'n_inner', 'ffn_dim', 'd_ff', 'hidden_dim'];
const MAMBA = ['mamba', 'falcon_mamba'];

/** True where the class has no size of its own for experts: `intermediate_size` is theirs (Mixtral, OLMoE, gpt-oss). */
const sharesFeedForwardKey = (config: ConfigReader): boolean =>
  config.defaults !== null && !config.defaults.has('moe_intermediate_size');

export const CHECKED_FIELDS: readonly CheckedField[] = [
  {
    fact: 'num_hidden_layers',
    label: 'layers',
    keys: ['n_layers', 'num_hidden_layers', 'n_layer', 'num_layers'],
    accepts: (configured, actual, config) => configured + (config.number(EXTRA_LAYER_KEYS) ?? 0) === actual,
  },
  { fact: 'hidden_size', label: 'hidden size', keys: HIDDEN_KEYS },
  {
    fact: 'vocab_size',
    label: 'vocabulary',
    keys: ['vocab_size', 'padded_vocab_size', 'n_vocab'],
    accepts: (configured, actual, config) => {
      const multiple = config.number(['pad_vocab_size_multiple']);
      const padded = config.number(['padded_vocab_size']);
      return (
        padded === actual ||
        (multiple !== null && multiple > 0 && Math.ceil(configured / multiple) * multiple === actual)
      );
    },
  },
  {
    fact: 'intermediate_size',
    label: 'feed-forward size',
    keys: FEED_FORWARD_KEYS,
    skips: (config) => COMPUTED_FEED_FORWARD.some((key) => config.has(key)),
  },
  {
    fact: 'moe_intermediate_size',
    label: "experts' feed-forward size",
    keys: ['moe_intermediate_size', 'expert_ffn_hidden_size'],
    skips: (config) => sharesFeedForwardKey(config) && !config.has('moe_intermediate_size'),
  },
  {
    fact: 'moe_intermediate_size',
    label: "experts' feed-forward size",
    keys: ['intermediate_size'],
    skips: (config, facts) =>
      !sharesFeedForwardKey(config) ||
      facts.facts.intermediate_size !== undefined ||
      config.has('moe_intermediate_size'),
  },
  {
    fact: 'shared_expert_intermediate_size',
    label: "shared experts' feed-forward size",
    keys: ['shared_expert_intermediate_size', 'shared_intermediate_size', 'moe_shared_expert_intermediate_size'],
    skips: (config) =>
      config.defaults?.ownKey(['n_shared_experts', 'moe_num_shared_experts', 'num_shared_expert']) != null,
  },
  {
    fact: 'shared_expert_intermediate_size',
    label: 'shared experts',
    keys: ['n_shared_experts', 'moe_num_shared_experts'],
    types: ['deepseek_v2', 'deepseek_v3', 'glm4_moe', 'dots1', 'ernie4_5_moe'],
    expects: (facts) => {
      const shared = facts.facts.shared_expert_intermediate_size?.value;
      const each = facts.facts.moe_intermediate_size?.value;
      return shared !== undefined && each !== undefined && shared % each === 0 ? shared / each : null;
    },
  },
  { fact: 'num_experts', label: 'experts', keys: EXPERT_KEYS },
  { fact: 'num_experts', label: 'experts', keys: ['ffn_config.moe_num_experts'], types: ['dbrx'] },
  {
    fact: 'leading_dense_layers',
    label: 'dense layers before those with experts',
    keys: ['first_k_dense_replace'],
    types: ['deepseek_v2', 'deepseek_v3', 'glm4_moe', 'dots1'],
  },
  {
    fact: 'leading_dense_layers',
    label: 'dense layers before those with experts',
    keys: ['moe_layer_start_index'],
    types: ['ernie4_5_moe'],
  },
  { fact: 'q_lora_rank', label: 'rank of the latent queries', keys: ['q_lora_rank'] },
  { fact: 'kv_lora_rank', label: 'rank of the latent keys and values', keys: ['kv_lora_rank'] },
  { fact: 'qk_rope_head_dim', label: 'rotary part of a head', keys: ['qk_rope_head_dim'] },
  { fact: 'qk_nope_head_dim', label: 'part of a head without rotary', keys: ['qk_nope_head_dim'] },
  { fact: 'v_head_dim', label: 'size of a value head', keys: ['v_head_dim'] },
  {
    fact: 'max_position_embeddings',
    label: 'learned positions',
    keys: ['max_position_embeddings', 'n_positions'],
    types: ['gpt2', 'gpt_bigcode', 'bert', 'roberta', 'xlm-roberta', 'camembert', 'distilbert'],
  },
  // GPT-2's converter reads n_ctx, which newer transformers no longer write.
  { fact: 'max_position_embeddings', label: 'learned positions', keys: ['n_ctx'], types: ['gpt2'] },
  { fact: 'type_vocab_size', label: 'token types', keys: ['type_vocab_size'] },
  { fact: 'state_size', label: 'state size', keys: ['state_size', 'd_state'], types: MAMBA },
  { fact: 'conv_kernel', label: 'convolution', keys: ['conv_kernel', 'd_conv'], types: MAMBA },
  {
    fact: 'time_step_rank',
    label: 'rank of the time step',
    keys: ['time_step_rank', 'dt_rank'],
    types: MAMBA,
    // "auto" stands for a sixteenth of the hidden size.
    skips: (config) => config.number(['time_step_rank', 'dt_rank']) === null,
  },
  {
    fact: 'tie_word_embeddings',
    label: 'output layer tied to the embedding',
    keys: ['tie_word_embeddings'],
    // An output layer may be a saved copy of a tied embedding: only its absence proves something. Where config.json says
    // that there is one, its absence is a question.
    skips: (config, facts) => !facts.tiesEmbeddings || config.has('tie_word_embeddings'),
    isHarmless: true,
  },
  {
    fact: 'attention_bias',
    label: 'biases in attention',
    keys: ['attention_bias'],
    skips: lacksKey('attention_bias'),
    isHarmless: true,
  },
  {
    fact: 'mlp_bias',
    label: 'biases in the feed-forward',
    keys: ['mlp_bias'],
    skips: lacksKey('mlp_bias'),
    isHarmless: true,
  },
];

function lacksKey(key: string): (config: ConfigReader) => boolean {
  return (config) => config.defaults?.has(key) !== true;
}
