import type { ConfigDefaults } from './config-defaults';
import type { ConfigReader } from './config-reader';
import type { FactName } from './naming-families';

/** One field that shapes can check: under which keys configs write it and what an absence means. */
export interface CheckedField {
  readonly fact: FactName;
  /** In words, for messages. */
  readonly label: string;
  /** Keys in the order in which they count; the first is also the one proposed, unless `keyFor` knows better. */
  readonly keys: readonly string[];
  readonly default: (defaults: ConfigDefaults, hidden: number | null) => number | null;
  /** Values of config.json that are right although they differ from the tensors. */
  readonly accepts?: (configured: number, actual: number, config: ConfigReader) => boolean;
  /** True when this config says its size in a way that is not checked here. */
  readonly skips?: (config: ConfigReader) => boolean;
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
];

export const CHECKED_FIELDS: readonly CheckedField[] = [
  {
    fact: 'num_hidden_layers',
    label: 'layers',
    keys: ['num_hidden_layers', 'n_layers', 'n_layer', 'num_layers'],
    default: (defaults) => defaults.layers,
    accepts: (configured, actual, config) => configured + (config.number(EXTRA_LAYER_KEYS) ?? 0) === actual,
  },
  {
    fact: 'hidden_size',
    label: 'hidden size',
    keys: ['hidden_size', 'n_embd', 'n_embed', 'd_model', 'dim'],
    default: (defaults) => defaults.hidden,
  },
  {
    fact: 'vocab_size',
    label: 'vocabulary',
    keys: ['vocab_size', 'padded_vocab_size', 'n_vocab'],
    default: (defaults) => defaults.vocabulary,
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
    keys: ['intermediate_size', 'ffn_hidden_size', 'n_inner', 'ffn_dim', 'd_ff', 'hidden_dim'],
    default: (defaults, hidden) => defaults.feedForward ?? (hidden === null ? null : 4 * hidden),
    skips: (config) => COMPUTED_FEED_FORWARD.some((key) => config.has(key)),
  },
  {
    fact: 'moe_intermediate_size',
    label: "experts' feed-forward size",
    keys: ['moe_intermediate_size'],
    default: () => null,
  },
  {
    fact: 'num_experts',
    label: 'experts',
    keys: ['num_local_experts', 'num_experts', 'n_routed_experts'],
    default: () => null,
  },
  {
    fact: 'head_dim',
    label: 'head size',
    keys: ['head_dim'],
    default: (defaults, hidden) => defaults.headDim ?? (hidden === null ? null : hidden / defaults.heads),
    // Without head_dim or heads of its own, the default is hidden size / heads: checked with the heads instead.
    skips: (config) => !config.has('head_dim') && config.modelType !== 'qwen3' && config.modelType !== 'gemma3_text',
  },
];

/** The key under which a family writes the field when config.json has none of its keys. */
const OWN_KEYS: Readonly<Record<string, Readonly<Partial<Record<FactName, string>>>>> = {
  gpt2: { num_hidden_layers: 'n_layer', hidden_size: 'n_embd', intermediate_size: 'n_inner' },
  gpt_bigcode: { num_hidden_layers: 'n_layer', hidden_size: 'n_embd', intermediate_size: 'n_inner' },
  gptj: { num_hidden_layers: 'n_layer', hidden_size: 'n_embd', intermediate_size: 'n_inner' },
  bloom: { num_hidden_layers: 'n_layer' },
  falcon: { intermediate_size: 'ffn_hidden_size' },
  mpt: { num_hidden_layers: 'n_layers', hidden_size: 'd_model' },
};

/** The key to write for a field that is missing: the family's own name for it. */
export function proposedKey(field: CheckedField, modelType: string | null): string {
  const own = modelType === null ? undefined : OWN_KEYS[modelType]?.[field.fact];
  return own ?? field.keys[0] ?? field.fact;
}
