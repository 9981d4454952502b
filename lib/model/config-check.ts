import type { ConfigPatch } from '../domain/conversion-spec';
import { CHECKED_FIELDS, type CheckedField } from './config-fields';
import { type ConfigField, type ConfigReader, defaultOf } from './config-reader';
import type { TensorFact } from './fact-draft';
import { isKnownRawClass } from './raw-class-fields';
import type { TensorFacts } from './tensor-facts';

/** One config.json field that is not what the tensors prove, or not there. */
export interface FieldVerdict {
  /** config.json's own key, with its section. */
  readonly field: string;
  /** Null when the field is missing. */
  readonly configured: number | string | boolean | null;
  readonly actual: number | boolean;
  readonly tensor: string;
  readonly shape: readonly number[];
  readonly message: string;
  readonly isHarmless: boolean;
}

/**
 * Compares config.json with what the tensors prove, heads aside. An absent field counts as what transformers would fill
 * in, since that is what the converter writes into the GGUF without a word.
 * @param isStripped config.json lost most of what it said: then every proven field is restored, whatever its default.
 */
export function checkConfig(facts: TensorFacts, config: ConfigReader, isStripped: boolean): FieldVerdict[] {
  const verdicts = new Map<string, FieldVerdict>();
  const hidden = facts.facts.hidden_size?.value ?? null;
  for (const field of CHECKED_FIELDS) {
    const fact = expectedFact(field, facts, config);
    if (!fact || field.skips?.(config, facts)) continue;
    if (field.types && !field.types.includes(config.modelType ?? '')) continue;
    for (const verdict of checkField(field, fact, config, isStripped, hidden)) {
      if (!verdicts.has(verdict.field)) verdicts.set(verdict.field, verdict);
    }
  }
  return [...verdicts.values()];
}

/** The smallest change to config.json that ends the contradictions, by config.json's own keys. */
export function proposePatch(verdicts: readonly FieldVerdict[]): ConfigPatch {
  return Object.fromEntries(verdicts.map((verdict) => [verdict.field, verdict.actual]));
}

/** A verdict in the one wording that all of them have. */
export function fieldVerdict(
  field: string,
  configured: unknown,
  fact: TensorFact<number | boolean>,
  options: { readonly label?: string; readonly assumed?: unknown; readonly isHarmless?: boolean } = {},
): FieldVerdict {
  const said = scalar(configured);
  const proof = `tensor ${fact.tensor} [${fact.shape.join(', ')}] says ${fact.value}${options.label ? ` (${options.label})` : ''}`;
  const assumed = options.assumed === undefined ? '' : `, so the converter would assume ${String(options.assumed)}`;
  return {
    field,
    configured: said,
    actual: fact.value,
    tensor: fact.tensor,
    shape: fact.shape,
    message:
      configured === null
        ? `config.json has no ${field}${assumed}; ${proof}`
        : `${field}: config.json says ${JSON.stringify(said)}, ${proof}`,
    isHarmless: options.isHarmless ?? false,
  };
}

function scalar(value: unknown): number | string | boolean | null {
  if (typeof value === 'string') return value.slice(0, 100);
  // Python's Infinity, which JSON lacks, in words.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'boolean' ? value : null;
}

function expectedFact(
  field: CheckedField,
  facts: TensorFacts,
  config: ConfigReader,
): TensorFact<number | boolean> | null {
  const fact = facts.facts[field.fact];
  if (!fact || !field.expects) return fact ?? null;
  const value = field.expects(facts, config);
  return value === null ? null : { ...fact, value };
}

function checkField(
  field: CheckedField,
  fact: TensorFact<number | boolean>,
  config: ConfigReader,
  isStripped: boolean,
  hidden: number | null,
): FieldVerdict[] {
  // Every key that is there, since the converter reads the first it finds and transformers another.
  const found = config.fields(field.keys);
  if (found.length > 0) {
    const wrong = found.filter((entry) => !isRight(field, entry, fact, config));
    return wrong.map(({ key, value }) => fieldVerdict(key, value, fact, field));
  }
  const verdict = checkAbsent(field, fact, config, isStripped, hidden);
  return verdict ? [verdict] : [];
}

function isRight(
  field: CheckedField,
  { value }: ConfigField,
  fact: TensorFact<number | boolean>,
  config: ConfigReader,
): boolean {
  if (Array.isArray(value)) return isRightList(field, value, fact.value);
  if (value === fact.value) return true;
  return (
    typeof value === 'number' && typeof fact.value === 'number' && field.accepts?.(value, fact.value, config) === true
  );
}

/** What no model has one of for each layer. */
const OF_THE_WHOLE: readonly string[] = ['num_hidden_layers', 'hidden_size', 'vocab_size'];

/** One value for each layer: they may differ, and then nothing is proven; where all layers agree, so must the list. */
function isRightList({ fact }: CheckedField, list: readonly unknown[], proven: number | boolean): boolean {
  if (OF_THE_WHOLE.includes(fact)) return false;
  return fact !== 'intermediate_size' || list.some((value) => value === proven || value !== list[0]);
}

function checkAbsent(
  field: CheckedField,
  fact: TensorFact<number | boolean>,
  config: ConfigReader,
  isStripped: boolean,
  hidden: number | null,
): FieldVerdict | null {
  const { defaults } = config;
  if (!defaults) return checkAbsentRaw(field, fact, config);
  const own = defaults.ownKey(field.keys);
  const key = own ?? (field.types ? field.keys[0] : undefined);
  if (key === undefined) return null;
  const assumed = own === null ? undefined : assumedValue(config, own, hidden);
  const isWrong = assumed !== fact.value && !(assumed === null && fact.value === false);
  const isRestored = isStripped && !field.isHarmless && own !== 'n_inner';
  if (!isWrong && !isRestored) return null;
  return fieldVerdict(config.section + key, null, fact, { ...field, ...(isWrong ? { assumed } : {}) });
}

/** Without a class to fill anything in, the converter stops at a size that is not there, or leaves it out. */
function checkAbsentRaw(
  { fact: name, keys }: CheckedField,
  fact: TensorFact<number | boolean>,
  config: ConfigReader,
): FieldVerdict | null {
  const isNeeded = name === 'intermediate_size' || OF_THE_WHOLE.includes(name);
  if (!isNeeded) return null;
  if (config.has('ssm_cfg')) {
    const own = keys.find((key) => ['n_layer', 'd_model', 'vocab_size'].includes(key));
    return own === undefined ? null : fieldVerdict(own, null, fact);
  }
  return isKnownRawClass(config.modelType) ? fieldVerdict(config.section + name, null, fact) : null;
}

/** GPT-2 writes null for "four times the hidden size". */
function assumedValue(config: ConfigReader, key: string, hidden: number | null): unknown {
  const assumed = defaultOf(config, key, hidden);
  return key === 'n_inner' && assumed === null && hidden !== null ? 4 * hidden : assumed;
}
