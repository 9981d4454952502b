import type { AnswerLimits, AnswerOption, AnswerValue, OpenQuestion, UndeterminedField } from '../domain/model-check';
import { bareKey, type ConfigEvidence, settle } from './config-evidence';
import {
  type ConfigObject,
  type ConfigReader,
  defaultOf,
  HEAD_KEYS,
  KEY_VALUE_KEYS,
  openConfig,
} from './config-reader';
import { isAboutHeads } from './judge-answers';
import { keysOfField } from './settle-open-fields';
import type { TensorFacts } from './tensor-facts';

/** What is known around a question. */
export interface QuestionContext {
  /** config.json as it was found. */
  readonly original: ConfigObject;
  /** The same with everything that is proven: the class that fills in defaults is known then. */
  readonly repaired: ConfigObject;
  readonly facts: TensorFacts;
  readonly evidence: readonly ConfigEvidence[];
  readonly isRequired: boolean;
}

/** An undetermined field as a question: each candidate with what it would mean and where it comes from. */
export function describeQuestion(undetermined: UndeterminedField, context: QuestionContext): OpenQuestion {
  const options = undetermined.candidates.map((value): AnswerOption => {
    const meaning = meaningOf(undetermined.field, value, context.facts);
    return { value, meaning, source: sourceOf(undetermined, value, context) };
  });
  const { isRequired, facts } = context;
  return { ...undetermined, options, limits: limitsOf(undetermined, facts), isRequired };
}

function sourceOf({ field }: UndeterminedField, value: AnswerValue, context: QuestionContext): string {
  const { original, repaired, evidence } = context;
  const keys = keysOfField(field);
  const sources: string[] = [];
  if (openConfig(original).field([bareKey(field)])?.value === value) sources.push('config.json says so');
  for (const one of evidence) {
    const said = settle([one], keys);
    if (said && said.value === value) sources.push(said.source);
  }
  const reader = openConfig(repaired);
  if (defaultOf(reader, bareKey(field)) === value) {
    sources.push(`what the converter assumes where config.json is silent (the default of ${reader.modelType})`);
  }
  if (sources.length > 0) return sources.join('; ');
  return isAboutHeads({ field }) || isAboutClass(field)
    ? 'fits the weights'
    : 'usual for models of this kind; nothing of this model says it';
}

function isAboutClass(field: string): boolean {
  return ['architectures', 'model_type', 'tie_word_embeddings'].includes(bareKey(field));
}

const number = (value: AnswerValue): string =>
  typeof value === 'number' ? value.toLocaleString('en-US') : String(value);

/** What a value of some field says about the model, for somebody who has never seen a config.json. */
const MEANINGS: Readonly<Record<string, (value: AnswerValue) => string>> = {
  model_type: (value) => `converted as a model of the kind ${String(value)}`,
  architectures: (value) => `converted by the rules for ${String(value)}`,
  tie_word_embeddings: (value) => (value === true ? 'the embedding serves as the output layer too' : ''),
  rope_theta: (value) => THETAS.get(value) ?? '',
  rotary_emb_base: (value) => THETAS.get(value) ?? '',
  rope_scaling: (value) => (value === null ? 'the context was never stretched' : ''),
  rope_parameters: (value) => (value === null ? 'the context was never stretched' : ''),
  rms_norm_eps: (value) => EPSILONS.get(value) ?? '',
  max_position_embeddings: (value) => `conversations of up to ${number(value)} tokens`,
  n_positions: (value) => `conversations of up to ${number(value)} tokens`,
  original_max_position_embeddings: (value) => `trained on ${number(value)} tokens before it was stretched`,
  num_experts_per_tok: (value) => `${number(value)} experts compute each token`,
  sliding_window: (value) =>
    value === null ? 'every token sees the whole context' : `a token sees the last ${number(value)}`,
  partial_rotary_factor: (value) => (typeof value === 'number' ? `${value * 100} % of each head rotates` : ''),
  rotary_pct: (value) => (typeof value === 'number' ? `${value * 100} % of each head rotates` : ''),
};
const THETAS: ReadonlyMap<AnswerValue, string> = new Map([
  [10_000, 'as in Llama 2, Mistral 7B and most models of up to 8,192 tokens'],
  [250_000, 'as in Phi-4'],
  [500_000, 'as in Llama 3'],
  [1_000_000, 'as in Qwen2, Qwen3 and later Mistral models'],
  [5_000_000, 'as in Qwen3 models for long contexts'],
]);
const EPSILONS: ReadonlyMap<AnswerValue, string> = new Map([
  [1e-5, 'as in Llama, Mistral and Phi'],
  [1e-6, 'as in Qwen and Gemma'],
]);

function meaningOf(field: string, value: AnswerValue, { facts }: TensorFacts): string {
  const key = bareKey(field);
  if (typeof value === 'number' && isAboutHeads({ field })) {
    const isKey = (KEY_VALUE_KEYS as readonly string[]).includes(key);
    const rows = (isKey ? facts.key_rows : facts.query_rows)?.value;
    if (rows === undefined || value <= 0) return '';
    const isCount = isKey || (HEAD_KEYS as readonly string[]).includes(key);
    const [heads, size] = isCount ? [value, rows / value] : [rows / value, value];
    return `${heads} ${isKey ? 'key/value ' : ''}heads of ${size} numbers each`;
  }
  return Object.hasOwn(MEANINGS, key) ? (MEANINGS[key]?.(value) ?? '') : '';
}

const COUNT: AnswerLimits = { least: 1, most: 1e8, isWhole: true };
const LIMITS: Readonly<Record<string, AnswerLimits>> = {
  rope_theta: { least: 1, most: 1e12, isWhole: false },
  rotary_emb_base: { least: 1, most: 1e12, isWhole: false },
  global_rope_theta: { least: 1, most: 1e12, isWhole: false },
  partial_rotary_factor: { least: 0.01, most: 1, isWhole: false },
  rotary_pct: { least: 0.01, most: 1, isWhole: false },
  rope_pct: { least: 0.01, most: 1, isWhole: false },
  max_position_embeddings: COUNT,
  n_positions: COUNT,
  n_ctx: COUNT,
  original_max_position_embeddings: COUNT,
  sliding_window: COUNT,
  intermediate_size: COUNT,
};
const EPSILON: AnswerLimits = { least: 1e-15, most: 0.1, isWhole: false };

/** Which other numbers make sense; none where only the candidates fit the weights, or where the value is no number. */
function limitsOf({ field, candidates }: UndeterminedField, { facts }: TensorFacts): AnswerLimits | null {
  const key = bareKey(field);
  if (isAboutHeads({ field }) || isAboutClass(field)) return null;
  if (candidates.length > 0 && !candidates.some((value) => typeof value === 'number')) return null;
  if (Object.hasOwn(LIMITS, key)) return LIMITS[key] ?? null;
  if (/eps(ilon)?$/.test(key)) return EPSILON;
  if (/^(num_experts_per|top_k_experts|moe_k)/.test(key)) {
    return { ...COUNT, most: facts.num_experts?.value ?? COUNT.most };
  }
  return { least: -1e12, most: 1e12, isWhole: false };
}

/** Whether config.json itself says what was answered, so that there is nothing to change. */
export function isSaidAlready(reader: ConfigReader, field: string, value: AnswerValue): boolean {
  const key = bareKey(field);
  const said = reader.field([key]);
  return said ? said.value === value : value === null && reader.mentions([key]);
}
