import type { ConfigPatch } from '../domain/conversion-spec';
import type { FieldContradiction, Finding } from '../domain/finding';
import { checkAttention } from './attention-check';
import { CONFIG_DEFAULTS } from './config-defaults';
import { CHECKED_FIELDS, type CheckedField, proposedKey } from './config-fields';
import { type ConfigField, type ConfigObject, type ConfigReader, openConfig } from './config-reader';
import type { TensorFact, TensorFacts } from './tensor-facts';

export interface ConfigCheck {
  readonly contradictions: readonly FieldContradiction[];
  readonly findings: readonly Finding[];
}

/**
 * Compares config.json with what the tensors prove. An absent field counts as what transformers would fill in, since
 * that is what the converter writes into the GGUF without a word.
 */
export function checkConfig(facts: TensorFacts, config: ConfigObject): ConfigCheck {
  const reader = openConfig(config);
  const contradictions: FieldContradiction[] = [];
  for (const field of CHECKED_FIELDS) {
    const fact = facts.facts[field.fact];
    if (!fact || field.skips?.(reader)) continue;
    const found = reader.field(field.keys);
    const wrong = found ? checkPresent(field, found, fact, reader) : checkAbsent(field, fact, facts, reader);
    if (wrong) contradictions.push(wrong);
  }
  const attention = checkAttention(facts, reader);
  return {
    contradictions: withoutRepeats([...contradictions, ...attention.contradictions]),
    findings: attention.findings,
  };
}

/** The smallest change to config.json that ends the contradictions, by config.json's own keys; null when there is none. */
export function proposeConfigPatch(contradictions: readonly FieldContradiction[]): ConfigPatch | null {
  if (contradictions.length === 0) return null;
  return Object.fromEntries(contradictions.map((entry) => [entry.field, entry.actual]));
}

function checkPresent(
  field: CheckedField,
  found: ConfigField,
  fact: TensorFact,
  config: ConfigReader,
): FieldContradiction | null {
  const { key, value } = found;
  // One value per layer: such a model's layers may differ, which shapes of single layers cannot refute.
  if (Array.isArray(value)) return null;
  if (typeof value === 'number' && (value === fact.value || field.accepts?.(value, fact.value, config))) return null;
  const configured = typeof value === 'string' || typeof value === 'boolean' ? value : finite(value);
  return {
    field: key,
    configured,
    actual: fact.value,
    tensor: fact.tensor,
    shape: fact.shape,
    message: `${key}: config.json says ${JSON.stringify(configured)}, tensor ${fact.tensor} [${fact.shape.join(', ')}] says ${fact.value} (${field.label})`,
  };
}

/** A number as it may be stored: Python's Infinity, which JSON lacks, in words. */
function finite(value: unknown): number | string | null {
  if (typeof value !== 'number') return null;
  return Number.isFinite(value) ? value : String(value);
}

function checkAbsent(
  field: CheckedField,
  fact: TensorFact,
  facts: TensorFacts,
  config: ConfigReader,
): FieldContradiction | null {
  const defaults = CONFIG_DEFAULTS.get(config.modelType ?? '');
  // Unknown class, unknown default: nothing can be said against the absence.
  if (!defaults) return null;
  const assumed = field.default(defaults, facts.facts.hidden_size?.value ?? null);
  if (assumed === null || assumed === fact.value) return null;
  const key = config.section + proposedKey(field, config.modelType);
  return {
    field: key,
    configured: null,
    actual: fact.value,
    tensor: fact.tensor,
    shape: fact.shape,
    message: `config.json has no ${key}, so the converter would assume ${assumed}; tensor ${fact.tensor} [${fact.shape.join(', ')}] says ${fact.value} (${field.label})`,
  };
}

function withoutRepeats(contradictions: readonly FieldContradiction[]): FieldContradiction[] {
  const byField = new Map<string, FieldContradiction>();
  for (const entry of contradictions) if (!byField.has(entry.field)) byField.set(entry.field, entry);
  return [...byField.values()];
}
