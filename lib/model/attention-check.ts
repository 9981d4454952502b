import { type FieldVerdict, fieldVerdict } from './config-check';
import { type ConfigReader, defaultOf, HEAD_KEYS, isObject, KEY_VALUE_KEYS } from './config-reader';
import type { TensorFact } from './fact-draft';
import { decideHeads, type HeadClaims, type HeadHypothesis, headHypotheses } from './head-hypotheses';
import type { FactName } from './naming-family';
import type { OpenField } from './open-field';
import type { TensorFacts } from './tensor-facts';

export interface AttentionCheck {
  readonly verdicts: readonly FieldVerdict[];
  /** Fields that only their product with another one is known of. */
  readonly open: readonly OpenField[];
}

const HEAD_SIZE_KEYS = ['head_dim'];
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
export function checkAttention(facts: TensorFacts, config: ConfigReader, isStripped: boolean): AttentionCheck {
  const proven = facts.facts.num_attention_heads;
  const width = attentionWidth(facts);
  if (facts.facts.kv_lora_rank || !width) {
    return proven
      ? { verdicts: compare(config, 'num_attention_heads', HEAD_KEYS, proven, isStripped), open: [] }
      : NOTHING;
  }
  // Without a class to fill in defaults, a width that does not fit may be explained by a key that is not known here.
  if (!config.defaults && !proven && config.field(HEAD_SIZE_KEYS) === null) return NOTHING;
  const headDim = provenHeadSize(facts, config, width);
  if (headDim !== null) return { verdicts: verdictsFor(config, width, headDim, isStripped), open: [] };
  return weigh(facts, config, width, isStripped);
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

function weigh(facts: TensorFacts, config: ConfigReader, width: Width, isStripped: boolean): AttentionCheck {
  const claims: HeadClaims = {
    heads: claim(config, HEAD_KEYS),
    keyValueHeads: hasKeyValueHeads(config) ? claim(config, KEY_VALUE_KEYS) : null,
    headDim: ignoresHeadSize(config) ? scaledHeadSize(config) : claim(config, HEAD_SIZE_KEYS),
  };
  const hypotheses = headHypotheses(width, claims);
  if (agrees(facts, config, claims, width)) return { verdicts: [], open: unproven(config, hypotheses, width, claims) };
  const decided = decideHeads(hypotheses);
  if (decided) return { verdicts: verdictsFor(config, width, decided.headDim, isStripped), open: [] };
  // A nested section may leave out what equals the class default; a whole config that is missing its heads was damaged.
  if (hypotheses.length === 0 || (config.section !== '' && claims.heads === null)) return NOTHING;
  return { verdicts: [], open: openQuestions(config, hypotheses, width, claims) };
}

/**
 * Numbers that fit the shapes are not thereby right: twice as many heads of half the size are the same matrices. Said
 * without alarm, so that other evidence is asked and a person may look.
 */
function unproven(
  config: ConfigReader,
  hypotheses: readonly HeadHypothesis[],
  width: Width,
  claims: HeadClaims,
): OpenField[] {
  if (config.section !== '' || claims.heads === null || hypotheses.length < 2) return [];
  // The other two follow from this one.
  return openQuestions(config, hypotheses, width, claims)
    .slice(0, 1)
    .map((question) => ({ ...question, severity: 'note', isConsistent: true }));
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
  if (assumed === size.value && !(isStripped && config.defaults?.has('head_dim'))) return [];
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
  // Without such a key, all heads have keys and values of their own.
  if (own === null && (fact === 'num_key_value_heads' || !config.defaults)) return [];
  const assumed = defaultOf(config, own ?? '');
  const filled = fact === 'num_key_value_heads' && assumed == null ? config.number(HEAD_KEYS) : assumed;
  if (filled === proven.value && !isStripped) return [];
  return [fieldVerdict(config.section + (own ?? fact), null, proven, { assumed: filled ?? undefined })];
}

function openQuestions(
  config: ConfigReader,
  hypotheses: readonly HeadHypothesis[],
  { query, queryRows }: Width,
  claims: HeadClaims,
): OpenField[] {
  const shape = `${query.tensor} [${query.shape.join(', ')}]`;
  const ask = (keys: readonly string[], name: string, candidates: number[], configured: number | null): OpenField[] => {
    const own = config.field(keys)?.key ?? config.section + (config.defaults?.ownKey(keys) ?? name);
    const reason = `${shape} proves heads × head size = ${queryRows} only. ${hypotheses.length > 1 ? 'These fit' : 'This fits'}, the likeliest first.`;
    return [{ field: own, configured, candidates, reason, tensor: query.tensor, severity: 'blocks' }];
  };
  const hasHeadSize =
    !ignoresHeadSize(config) && (config.defaults?.has('head_dim') === true || claims.headDim !== null);
  return [
    ...ask(
      HEAD_KEYS,
      'num_attention_heads',
      hypotheses.map((each) => each.heads),
      claims.heads,
    ),
    ...(hasKeyValueHeads(config)
      ? ask(
          KEY_VALUE_KEYS,
          'num_key_value_heads',
          hypotheses.map((each) => each.keyValueHeads),
          claims.keyValueHeads,
        )
      : []),
    ...(hasHeadSize
      ? ask(
          HEAD_SIZE_KEYS,
          'head_dim',
          hypotheses.map((each) => each.headDim),
          claims.headDim,
        )
      : []),
  ];
}

/** Classes without such a key (BERT, GPT-2) have as many key heads as heads, whatever config.json says. */
function hasKeyValueHeads(config: ConfigReader): boolean {
  return config.defaults === null || config.defaults.ownKey(KEY_VALUE_KEYS) !== null;
}

/** Phi-3's long-context factors: one for each pair of the numbers of a head that rotate. */
function scaledHeadSize(config: ConfigReader): number | null {
  const scaling = config.field(['rope_scaling'])?.value;
  const factors = isObject(scaling) ? scaling['long_factor'] : null;
  if (!Array.isArray(factors) || factors.length === 0) return null;
  const size = (2 * factors.length) / (config.number(['partial_rotary_factor']) ?? 1);
  return Number.isInteger(size) ? size : null;
}

function ignoresHeadSize(config: ConfigReader): boolean {
  return IGNORES_HEAD_SIZE.has(config.modelType ?? '');
}

function claim(config: ConfigReader, keys: readonly string[]): number | null {
  const value = config.number(keys);
  return value !== null && Number.isInteger(value) && value > 0 ? value : null;
}
