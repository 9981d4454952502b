import type { ModelFactName, ProvenanceMatch } from '../domain/model-check';
import type { ConfigObject } from './config-reader';
import type { BaseModel } from './fingerprints/base-model';
import { KNOWN_MODELS } from './fingerprints/known-models';

/** Fields of config.json that an exact match of the shapes settles, with the words that say whose they are. */
export interface FingerprintConfig {
  readonly origin: 'fingerprint';
  readonly label: string;
  readonly config: ConfigObject;
}

const BY_NAME: ReadonlyMap<string, BaseModel> = new Map(KNOWN_MODELS.map((base) => [base.model, base]));

/**
 * What the exact matches say, by config.json's own keys: the sizes that they share, and the fields that shapes leave open.
 * A field on which two of
 * them differ (`rope_theta` of Phi-4 and Phi-4-reasoning) is left out: then the shapes do not settle it. Matches with
 * added vocabulary count like the others, since they may be the true origin. Null when no match is exact.
 * @param modelType of the checkpoint, where its tensors' names prove it: matches written by another class (Phi-4 with its
 *   projections split is a Llama) then have no say, unless there are no others.
 */
export function fingerprintConfig(
  matches: readonly ProvenanceMatch[],
  modelType: string | null = null,
): FingerprintConfig | null {
  const exact = matches.filter((match) => match.exact).flatMap(({ model }) => BY_NAME.get(model) ?? []);
  const ofType = exact.filter((base) => base.modelType === modelType);
  const bases = ofType.length > 0 ? ofType : exact;
  const [first, ...others] = bases;
  if (first === undefined) return null;
  const configs = others.map(configOf);
  const agreed = Object.entries(configOf(first)).filter(([key, value]) => {
    return configs.every((config) => Object.hasOwn(config, key) && isSame(config[key], value));
  });
  const names = bases.map(({ model }) => model);
  const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return { origin: 'fingerprint', label: `exactly the shapes of ${shown}`, config: Object.fromEntries(agreed) };
}

/** The keys under which config.json writes the dimensions; a family's own names come instead of these. */
const USUAL_KEYS: Readonly<Partial<Record<ModelFactName, string>>> = {
  numHiddenLayers: 'num_hidden_layers',
  hiddenSize: 'hidden_size',
  vocabSize: 'vocab_size',
  intermediateSize: 'intermediate_size',
  moeIntermediateSize: 'moe_intermediate_size',
  sharedExpertIntermediateSize: 'shared_expert_intermediate_size',
  numExperts: 'num_experts',
  numAttentionHeads: 'num_attention_heads',
  numKeyValueHeads: 'num_key_value_heads',
  headDim: 'head_dim',
  qLoraRank: 'q_lora_rank',
  kvLoraRank: 'kv_lora_rank',
  maxPositionEmbeddings: 'max_position_embeddings',
  typeVocabSize: 'type_vocab_size',
};
/** Null: the family has no such field. */
const NO_HEAD_FIELDS = { numKeyValueHeads: null, headDim: null };
const OWN_KEYS: Readonly<Record<string, Readonly<Partial<Record<ModelFactName, string | null>>>>> = {
  gpt2: {
    ...NO_HEAD_FIELDS,
    numHiddenLayers: 'n_layer',
    hiddenSize: 'n_embd',
    intermediateSize: 'n_inner',
    numAttentionHeads: 'n_head',
    maxPositionEmbeddings: 'n_positions',
  },
  falcon: { ...NO_HEAD_FIELDS, intermediateSize: 'ffn_hidden_size' },
  gpt_neox: NO_HEAD_FIELDS,
  bert: NO_HEAD_FIELDS,
  mixtral: { numExperts: 'num_local_experts' },
  gpt_oss: { numExperts: 'num_local_experts' },
  deepseek_v2: { numExperts: 'n_routed_experts' },
  deepseek_v3: { numExperts: 'n_routed_experts' },
};

/** A known model's config.json, as far as it is known. */
function configOf({ architecture, modelType, dimensions, config }: BaseModel): ConfigObject {
  const keys = { ...USUAL_KEYS, ...OWN_KEYS[modelType] };
  const sizes = Object.entries(dimensions).flatMap(([name, value]) => {
    const key = keys[name as ModelFactName];
    return key ? [[key, value] as const] : [];
  });
  return { architectures: [architecture], model_type: modelType, ...Object.fromEntries(sizes), ...config };
}

/** Values of config.json compared as JSON; the table writes the keys of nested ones in one order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
