import type { ConfigReader } from './config-reader';
import type { OpenField } from './open-field';
import type { TensorFacts } from './tensor-facts';

interface RawField {
  readonly keys: readonly string[];
  readonly label: string;
  /** What becomes of the file when none of the keys is there. */
  readonly absent: string;
  readonly candidates: readonly number[];
}

const STOPS = 'The converter stops without it.';
const WILL_NOT_LOAD = 'The converter leaves it out, and llama.cpp then does not load the file.';

const FIELDS = {
  theta: {
    keys: ['rope_theta', 'rotary_emb_base', 'global_rope_theta', 'rope_parameters'],
    label: 'base of the rotary positions',
    absent: 'The converter leaves it out, and llama.cpp then computes with 10000.',
    candidates: [10_000, 500_000, 1_000_000],
  },
  epsilon: {
    keys: ['rms_norm_eps', 'norm_eps', 'layer_norm_eps', 'layer_norm_epsilon', 'layernorm_epsilon', 'norm_epsilon'],
    label: 'epsilon of the norms',
    absent: WILL_NOT_LOAD,
    candidates: [1e-5, 1e-6],
  },
  context: {
    keys: ['max_position_embeddings', 'max_sequence_length', 'model_max_length', 'n_positions', 'n_ctx', 'seq_length'],
    label: 'context length',
    absent: WILL_NOT_LOAD,
    candidates: [4096, 8192, 32_768],
  },
  experts: {
    keys: ['num_experts_per_tok', 'num_experts_per_token', 'moe_topk', 'moe_top_k', 'top_k_experts'],
    label: 'experts used for each token',
    absent: WILL_NOT_LOAD,
    candidates: [2, 4, 6, 8],
  },
  embeddingScale: { keys: ['scale_emb'], label: 'scale of the embedding', absent: STOPS, candidates: [12] },
  depthScale: { keys: ['scale_depth'], label: 'scale of the layers', absent: STOPS, candidates: [1.4] },
  baseWidth: {
    keys: ['dim_model_base'],
    label: 'width that the output is scaled by',
    absent: STOPS,
    candidates: [256],
  },
} satisfies Readonly<Record<string, RawField>>;

/**
 * Classes whose code lies beside their weights: transformers does not know them, so the converter reads config.json as it
 * is, without defaults. What it then reads (llama.cpp v0.5.0, conversion/*.py), where no shape tells it and the published
 * models all write it. MiniCPM, Baichuan, XVERSE and Orion write no rotary base, which is 10000 there as in llama.cpp.
 */
const CLASSES: readonly (readonly [types: string, fields: readonly (keyof typeof FIELDS)[]])[] = [
  ['internlm2 internlm3 exaone deci nemotron-nas eurobert Dream', ['theta', 'epsilon', 'context']],
  ['deepseek bailing_moe arctic smallthinker grove_moe', ['theta', 'epsilon', 'context', 'experts']],
  ['baichuan xverse orion PanguEmbedded', ['epsilon', 'context']],
  ['minicpm', ['epsilon', 'context', 'embeddingScale', 'depthScale', 'baseWidth']],
  ['minicpm3', ['epsilon', 'context']],
];
const FIELDS_OF: ReadonlyMap<string, readonly RawField[]> = new Map(
  CLASSES.flatMap(([types, fields]) => types.split(' ').map((type) => [type, fields.map((field) => FIELDS[field])])),
);

/** Whether it is known what the converter reads of such a class: by the usual names, as every config.json of it writes them. */
export function isKnownRawClass(modelType: string | null): boolean {
  return FIELDS_OF.has(modelType ?? '');
}

/** What the config.json of a class that only the converter knows fails to say, and no shape can replace. */
export function checkRawClass({ facts, family }: TensorFacts, config: ConfigReader): OpenField[] {
  if (config.defaults !== null || family === null) return [];
  const fields = FIELDS_OF.get(config.modelType ?? '') ?? [];
  const isAsked = (field: RawField) =>
    !config.mentions(field.keys) && (field !== FIELDS.experts || facts.num_experts !== undefined);
  return fields.filter(isAsked).map((field) => ({
    field: config.section + (field.keys[0] ?? ''),
    configured: null,
    candidates: field.candidates,
    reason: `No shape tells the ${field.label}. ${field.absent}`,
    tensor: null,
    severity: 'blocks',
  }));
}
