import { checkConfig } from './config-check';
import { type ConfigField, type ConfigObject, type ConfigReader, openConfig } from './config-reader';
import type { TensorFacts } from './tensor-facts';

/** Another config.json that may answer what shapes leave open, handed in best first. */
export interface ConfigEvidence {
  readonly origin: 'earlier-revision' | 'base-model' | 'fingerprint';
  /** For a person, e.g. `commit 6f2b4e06 of this repository` or `microsoft/phi-4`. */
  readonly label: string;
  readonly config: ConfigObject;
}

export interface SettledValue {
  readonly value: unknown;
  /** Where it comes from, in words. */
  readonly source: string;
}

const ORIGIN_WORDS: Readonly<Record<ConfigEvidence['origin'], string>> = {
  'earlier-revision': 'an earlier config.json',
  'base-model': 'the base model',
  fingerprint: 'a known model of exactly these shapes',
};
/** Fewer proven fields than these, and a config agrees by saying nothing. */
const MIN_AGREEING_FIELDS = 3;
const SIZE_KEYS = [
  ['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers'],
  ['hidden_size', 'n_embd', 'd_model', 'dim'],
  ['vocab_size'],
  ['intermediate_size', 'n_inner', 'moe_intermediate_size'],
  ['num_attention_heads', 'n_head', 'n_heads'],
];

/** The evidence that agrees with everything that the tensors prove; a fine-tune may have more or fewer tokens. */
export function agreeingEvidence(evidence: readonly ConfigEvidence[], facts: TensorFacts): ConfigEvidence[] {
  return evidence.filter(({ config }) => {
    const reader = openConfig(config);
    const stated = SIZE_KEYS.filter((keys) => reader.field(keys) !== null).length;
    if (stated < MIN_AGREEING_FIELDS || reader.modelType === null) return false;
    const wrong = checkConfig(facts, reader, false).filter(
      ({ field, isHarmless }) => !isHarmless && !field.endsWith('vocab_size'),
    );
    return wrong.length === 0;
  });
}

/** What the first of the evidence that has one of these keys says; null when none does. A written null is an answer. */
export function settle(evidence: readonly ConfigEvidence[], keys: readonly string[]): SettledValue | null {
  for (const entry of evidence) {
    const reader = openConfig(entry.config);
    if (!reader.mentions(keys)) continue;
    return { value: reader.field(keys)?.value ?? null, source: `${ORIGIN_WORDS[entry.origin]} (${entry.label})` };
  }
  return null;
}

/** True when config.json lost what it is there for: of layers, width, feed-forward and heads it says next to nothing. */
export function isStrippedConfig(config: ConfigReader): boolean {
  const stated = SIZE_KEYS.filter((keys) => config.field(keys) !== null);
  return config.section === '' && stated.length <= 1;
}

/** A field's last part: `text_config.rope_theta` is read as `rope_theta`. */
export function bareKey(field: ConfigField['key']): string {
  return field.slice(field.lastIndexOf('.') + 1);
}
