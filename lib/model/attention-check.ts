import type { FieldContradiction, Finding } from '../domain/finding';
import { CONFIG_DEFAULTS, PLAIN_ATTENTION } from './config-defaults';
import type { ConfigReader } from './config-reader';
import type { TensorFact, TensorFacts } from './tensor-facts';

export interface AttentionCheck {
  readonly contradictions: readonly FieldContradiction[];
  readonly findings: readonly Finding[];
}

const HEAD_KEYS = ['num_attention_heads', 'n_head', 'n_heads', 'num_heads'];
const KEY_VALUE_KEYS = ['num_key_value_heads', 'n_kv_heads', 'num_kv_heads'];
const NOTHING: AttentionCheck = { contradictions: [], findings: [] };

/**
 * Compares heads × head size with the rows of the projections. Shapes fix the products only, so a repair is proposed
 * for key/value heads (query side agrees) and where a norm proves the head's size; else it is said and stops there.
 */
export function checkAttention(facts: TensorFacts, config: ConfigReader): AttentionCheck {
  const { query_rows: query, key_rows: key, fused_qkv_rows: fused, attention_columns: columns } = facts.facts;
  if (config.modelType === null || !PLAIN_ATTENTION.has(config.modelType)) return NOTHING;
  const width = query ?? (fused ? columns : undefined);
  if (!width) return NOTHING;
  const heads = config.number(HEAD_KEYS);
  if (heads === null) return checkMissingHeads(facts, config, width);
  const headDim = headSize(facts, config, heads);
  if (headDim === null || headDim <= 0) return NOTHING;
  if (heads * headDim !== width.value) return wrongHeads(facts, heads, headDim, width);
  const keyRows = key?.value ?? (fused ? (fused.value - width.value) / 2 : null);
  const keyTensor = key ?? fused;
  if (keyRows === null || !keyTensor) return NOTHING;
  return checkKeyValueHeads(config, heads, headDim, keyRows, keyTensor);
}

/** What the converter would use: config's head_dim (phi3 ignores it), the class default, or hidden size / heads. */
function headSize(facts: TensorFacts, config: ConfigReader, heads: number): number | null {
  const configured = config.modelType === 'phi3' ? null : config.number(['head_dim']);
  const byClass = CONFIG_DEFAULTS.get(config.modelType ?? '')?.headDim ?? null;
  const hidden = facts.facts.hidden_size?.value ?? config.number(['hidden_size']);
  return facts.facts.head_dim?.value ?? configured ?? byClass ?? (hidden === null ? null : hidden / heads);
}

function checkMissingHeads(facts: TensorFacts, config: ConfigReader, width: TensorFact): AttentionCheck {
  const headDim = facts.facts.head_dim?.value;
  const byClass = CONFIG_DEFAULTS.get(config.modelType ?? '')?.heads ?? null;
  if (headDim !== undefined) {
    const actual = width.value / headDim;
    if (actual === byClass) return NOTHING;
    return {
      contradictions: [contradiction(`${config.section}num_attention_heads`, null, actual, width)],
      findings: [],
    };
  }
  // A nested section may leave out what equals the class default; a whole config that is missing its heads was damaged.
  if (config.section !== '') return NOTHING;
  return {
    contradictions: [],
    findings: [
      {
        code: 'config-field-missing',
        severity: 'blocks',
        message: `config.json lacks num_attention_heads. The tensors prove heads × head size = ${width.value} only, and the converter would silently assume ${byClass ?? 'a default of'} heads.`,
        remedy: "Take num_attention_heads (and num_key_value_heads) from the base model's config.json.",
        evidence: [`${width.tensor} [${width.shape.join(', ')}]`],
      },
    ],
  };
}

function wrongHeads(facts: TensorFacts, heads: number, headDim: number, width: TensorFact): AttentionCheck {
  const proven = facts.facts.head_dim?.value;
  if (proven !== undefined) {
    return { contradictions: [contradiction('num_attention_heads', heads, width.value / proven, width)], findings: [] };
  }
  return {
    contradictions: [],
    findings: [
      {
        code: 'config-contradicts-tensors',
        severity: 'blocks',
        message: `config.json says ${heads} attention heads of size ${headDim}, together ${heads * headDim}, but tensor ${width.tensor} [${width.shape.join(', ')}] is ${width.value} wide.`,
        remedy: "Correct num_attention_heads or head_dim: the base model's config.json has the right numbers.",
        evidence: [`${width.tensor} [${width.shape.join(', ')}]`],
      },
    ],
  };
}

function checkKeyValueHeads(
  config: ConfigReader,
  heads: number,
  headDim: number,
  keyRows: number,
  tensor: TensorFact,
): AttentionCheck {
  const field = config.field(KEY_VALUE_KEYS);
  const configured = config.number(KEY_VALUE_KEYS);
  const used = configured ?? CONFIG_DEFAULTS.get(config.modelType ?? '')?.keyValueHeads ?? heads;
  const actual = keyRows / headDim;
  // Multi-query and other layouts that are no whole number of heads are not this check's business.
  if (used === actual || !Number.isInteger(actual) || heads % actual !== 0) return NOTHING;
  const key = field?.key ?? `${config.section}num_key_value_heads`;
  return { contradictions: [contradiction(key, configured, actual, tensor)], findings: [] };
}

function contradiction(field: string, configured: number | null, actual: number, fact: TensorFact): FieldContradiction {
  const says = configured === null ? `config.json has no ${field}` : `${field}: config.json says ${configured}`;
  return {
    field,
    configured,
    actual,
    tensor: fact.tensor,
    shape: fact.shape,
    message: `${says}, tensor ${fact.tensor} [${fact.shape.join(', ')}] says ${actual}`,
  };
}
