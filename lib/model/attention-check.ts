import { type FieldVerdict, fieldVerdict } from './config-check';
import { type ConfigReader, defaultOf, HEAD_KEYS, KEY_VALUE_KEYS } from './config-reader';
import type { TensorFact } from './fact-draft';
import {
  claim,
  HEAD_SIZE_KEYS,
  hasKeyValueHeads,
  ignoresHeadSize,
  scaledHeadSize,
  writesHeadSize,
} from './head-fields';
import { decideHeads, type HeadClaims, headHypotheses, prunedHeads } from './head-hypotheses';
import { openQuestions, unproven } from './head-questions';
import type { FactName } from './naming-family';
import type { OpenField } from './open-field';
import { isKnownRawClass } from './raw-class-fields';
import { headsOfRelatives } from './relative-heads';
import type { TensorFacts } from './tensor-facts';

export interface AttentionCheck {
  readonly verdicts: readonly FieldVerdict[];
  /** Fields that only their product with another one is known of. */
  readonly open: readonly OpenField[];
}

export interface AttentionOptions {
  /** config.json lost most of what it said: then every proven field is restored, whatever its default. */
  readonly isStripped: boolean;
  /** config.json is right about the model's width and depth, and says a larger feed-forward part than there is. */
  readonly wasPruned: boolean;
  /** Fields that a person has answered. */
  readonly answered: ReadonlySet<string>;
}

/** How classes with heads that differ by layer, or in groups, call them. */
const UNUSUAL_HEAD_KEYS = ['num_query_heads', 'num_attention_groups', 'attention_head_dim', 'block_configs'];
const NOTHING: AttentionCheck = { verdicts: [], open: [] };

interface Width {
  readonly query: TensorFact;
  readonly key: TensorFact;
  readonly queryRows: number;
  readonly keyRows: number;
}

/**
 * Compares heads, key/value heads and head size with the rows of the projections. Where no tensor proves one of the
 * three, config.json's own numbers decide among what the products allow; where they do not, the question stays open.
 */
export function checkAttention(
  facts: TensorFacts,
  config: ConfigReader,
  { isStripped, wasPruned, answered }: AttentionOptions,
): AttentionCheck {
  const proven = facts.facts.num_attention_heads;
  const width = attentionWidth(facts);
  if (facts.facts.kv_lora_rank || !width) {
    return proven ? { verdicts: latentVerdicts(facts, config, proven, isStripped), open: [] } : NOTHING;
  }
  // Without a class to fill in defaults, a width that does not fit may be explained by a key that is not known here.
  if (!config.defaults && !proven && config.field(HEAD_SIZE_KEYS) === null && saysHeads(config)) return NOTHING;
  const headDim = provenHeadSize(facts, config, width);
  const size = headDim ?? answeredHeadSize(config, width, answered);
  if (size !== null) return { verdicts: verdictsFor(config, width, size, isStripped), open: [] };
  return weigh(facts, config, width, { isStripped, wasPruned });
}

/** In latent attention each head has a key and a value of its own: `assert rows == n_head_kv * (v_head_dim + qk_nope_head_dim)`. */
function latentVerdicts(
  facts: TensorFacts,
  config: ConfigReader,
  heads: TensorFact,
  isStripped: boolean,
): FieldVerdict[] {
  const verdicts = compare(config, 'num_attention_heads', HEAD_KEYS, heads, isStripped);
  if (!facts.facts.kv_lora_rank || config.defaults?.ownKey(KEY_VALUE_KEYS) == null) return verdicts;
  return [...verdicts, ...compare(config, 'num_key_value_heads', KEY_VALUE_KEYS, heads, isStripped)];
}

function attentionWidth({ facts }: TensorFacts): Width | null {
  const { query_rows: query, key_rows: key, value_rows: values, attention_columns: columns } = facts;
  if (!query || !key) return null;
  // Gated attention has wider queries, latent attention other values: a product that does not fit proves nothing there.
  if (columns && columns.value !== query.value) return null;
  if (values && values.value !== key.value) return null;
  return { query, key, queryRows: query.value, keyRows: key.value };
}

function provenHeadSize(facts: TensorFacts, config: ConfigReader, width: Width): number | null {
  const proven = facts.facts.head_dim?.value;
  if (typeof proven === 'number') return proven;
  const isMultiQuery =
    config.modelType === 'falcon' &&
    config.field(['new_decoder_architecture'])?.value !== true &&
    width.keyRows < width.queryRows;
  return isMultiQuery ? width.keyRows : null;
}

/** The head size that a person's answer fixes: with the products proven, one of the three numbers gives the others. */
function answeredHeadSize(config: ConfigReader, width: Width, answered: ReadonlySet<string>): number | null {
  const products = [
    [HEAD_KEYS, (heads: number) => width.queryRows / heads],
    [HEAD_SIZE_KEYS, (size: number) => size],
    [KEY_VALUE_KEYS, (heads: number) => width.keyRows / heads],
  ] as const;
  for (const [keys, sizeOf] of products) {
    const said = keys.some((key) => answered.has(key)) ? claim(config, keys) : null;
    const size = said === null ? null : sizeOf(said);
    if (size !== null && isHeadSize(size, width)) return size;
  }
  return null;
}

function isHeadSize(size: number, { queryRows, keyRows }: Width): boolean {
  return Number.isInteger(size) && queryRows % size === 0 && keyRows % size === 0;
}

/** Whether anything at all is said about heads: without it the converter stops at every class. */
function saysHeads(config: ConfigReader): boolean {
  return config.section !== '' || config.mentions([...HEAD_KEYS, ...KEY_VALUE_KEYS, ...UNUSUAL_HEAD_KEYS]);
}

function weigh(
  facts: TensorFacts,
  config: ConfigReader,
  width: Width,
  { isStripped, wasPruned }: Pick<AttentionOptions, 'isStripped' | 'wasPruned'>,
): AttentionCheck {
  const claims: HeadClaims = {
    heads: claim(config, HEAD_KEYS),
    keyValueHeads: hasKeyValueHeads(config) ? claim(config, KEY_VALUE_KEYS) : null,
    headDim: ignoresHeadSize(config) ? scaledHeadSize(config) : claim(config, HEAD_SIZE_KEYS),
  };
  const hypotheses = headHypotheses(width, claims);
  if (agrees(facts, config, claims, width))
    return { verdicts: [], open: unproven(config, hypotheses, width, claims, headsOfRelatives(facts)) };
  const decided = decideHeads(hypotheses) ?? (wasPruned ? prunedHeads(hypotheses, claims) : null);
  if (decided) return { verdicts: verdictsFor(config, width, decided.headDim, isStripped), open: [] };
  // A nested section may leave out what equals the class default; a whole config that is missing its heads was damaged.
  if (hypotheses.length === 0 || (config.section !== '' && claims.heads === null)) return NOTHING;
  return { verdicts: [], open: openQuestions(config, hypotheses, width, claims) };
}

/** Whether what the converter would use, class defaults included, gives these products, from heads that were written down. */
function agrees(facts: TensorFacts, config: ConfigReader, claims: HeadClaims, width: Width): boolean {
  if (claims.heads === null && config.section === '') return false;
  const used = (keys: readonly string[], claimed: number | null): number | null => {
    if (claimed !== null) return claimed;
    const filled = defaultOf(config, config.defaults?.ownKey(keys) ?? '');
    return typeof filled === 'number' ? filled : null;
  };
  const heads = used(HEAD_KEYS, claims.heads);
  if (heads === null || heads <= 0) return false;
  const hidden = facts.facts.hidden_size?.value;
  const headDim = used(HEAD_SIZE_KEYS, claims.headDim) ?? (hidden === undefined ? null : hidden / heads);
  const keyValueHeads = hasKeyValueHeads(config) ? (used(KEY_VALUE_KEYS, claims.keyValueHeads) ?? heads) : heads;
  return (
    Number.isInteger(headDim) &&
    heads * Number(headDim) === width.queryRows &&
    keyValueHeads * Number(headDim) === width.keyRows
  );
}

function verdictsFor(config: ConfigReader, width: Width, headDim: number, isStripped: boolean): FieldVerdict[] {
  const heads = { ...width.query, value: width.queryRows / headDim };
  const keyValueHeads = { ...width.key, value: width.keyRows / headDim };
  const verdicts = [
    ...compare(config, 'num_attention_heads', HEAD_KEYS, heads, isStripped),
    ...(hasKeyValueHeads(config)
      ? compare(config, 'num_key_value_heads', KEY_VALUE_KEYS, keyValueHeads, isStripped)
      : []),
  ];
  if (ignoresHeadSize(config)) return verdicts;
  const size = { ...width.query, value: headDim };
  return [...compareHeadSize(config, size, heads.value, isStripped), ...verdicts];
}

function compareHeadSize(config: ConfigReader, size: TensorFact, heads: number, isStripped: boolean): FieldVerdict[] {
  const claimed = config.field(HEAD_SIZE_KEYS);
  if (claimed) return claimed.value === size.value ? [] : [fieldVerdict(claimed.key, claimed.value, size)];
  const hidden = config.number(['hidden_size', 'n_embd', 'd_model']);
  const byClass = config.defaults?.value('head_dim', hidden, heads);
  const assumed = typeof byClass === 'number' ? byClass : hidden === null ? null : hidden / heads;
  if (assumed === size.value && !(isStripped && writesHeadSize(config))) return [];
  return [fieldVerdict(`${config.section}head_dim`, null, size, { assumed: assumed ?? undefined })];
}

function compare(
  config: ConfigReader,
  fact: FactName,
  keys: readonly string[],
  proven: TensorFact,
  isStripped: boolean,
): FieldVerdict[] {
  const found = config.fields(keys);
  if (found.length > 0) {
    const wrong = found.filter(({ value }) => value !== proven.value && !Array.isArray(value));
    return wrong.map(({ key, value }) => fieldVerdict(key, value, proven));
  }
  const own = config.defaults?.ownKey(keys) ?? null;
  if (!config.defaults && fact === 'num_key_value_heads' && isKnownRawClass(config.modelType)) {
    const heads = config.number(HEAD_KEYS);
    return heads === null || heads === proven.value
      ? []
      : [fieldVerdict(`${config.section}num_key_value_heads`, null, proven, { assumed: heads })];
  }
  // Without such a key, all heads have keys and values of their own.
  if (own === null && (fact === 'num_key_value_heads' || !config.defaults)) return [];
  const assumed = defaultOf(config, own ?? '');
  const filled = fact === 'num_key_value_heads' && assumed == null ? config.number(HEAD_KEYS) : assumed;
  if (filled === proven.value && !isStripped) return [];
  return [fieldVerdict(config.section + (own ?? fact), null, proven, { assumed: filled ?? undefined })];
}
