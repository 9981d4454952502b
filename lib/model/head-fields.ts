import { type ConfigReader, isObject, KEY_VALUE_KEYS } from './config-reader';

export const HEAD_SIZE_KEYS = ['head_dim'] as const;
/** Their converters compute the head's size from hidden size and heads and never look at `head_dim`. */
const IGNORES_HEAD_SIZE: ReadonlySet<string> = new Set([
  'phi3',
  'phi',
  'gpt_neox',
  'gpt2',
  'gpt_bigcode',
  'bloom',
  'falcon',
]);

/** Classes without such a key (BERT, GPT-2) have as many key heads as heads, whatever config.json says. */
export function hasKeyValueHeads(config: ConfigReader): boolean {
  return config.defaults === null || config.defaults.ownKey(KEY_VALUE_KEYS) !== null;
}

/** Phi-3's long-context factors: one for each pair of the numbers of a head that rotate. */
export function scaledHeadSize(config: ConfigReader): number | null {
  const scaling = config.field(['rope_scaling'])?.value;
  const factors = isObject(scaling) ? scaling['long_factor'] : null;
  if (!Array.isArray(factors) || factors.length === 0) return null;
  const size = (2 * factors.length) / (config.number(['partial_rotary_factor']) ?? 1);
  return Number.isInteger(size) ? size : null;
}

/** Whether the class works the size of a head out by itself. */
export function ignoresHeadSize(config: ConfigReader): boolean {
  return IGNORES_HEAD_SIZE.has(config.modelType ?? '');
}

/** A whole number that config.json gives; null for none. */
export function claim(config: ConfigReader, keys: readonly string[]): number | null {
  const value = config.number(keys);
  return value !== null && Number.isInteger(value) && value > 0 ? value : null;
}

/** Whether a whole config.json of the class has the head's size: EXAONE 4's do, although transformers' class has no such key. */
export function writesHeadSize(config: ConfigReader): boolean {
  return config.defaults?.has('head_dim') === true || config.modelType === 'exaone4';
}
