import type { ProvenanceMatch } from '../domain/model-check';
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
 * What the exact matches say about the fields that shapes leave open, by config.json's own keys. A field on which two of
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

/** GPT-2 and Falcon write their heads under names of their own; latent attention has no head size. */
function configOf({ architecture, modelType, dimensions, config }: BaseModel): ConfigObject {
  const { numAttentionHeads, numKeyValueHeads, headDim } = dimensions;
  const identity = { architectures: [architecture], model_type: modelType };
  if (numAttentionHeads === undefined) return { ...identity, ...config };
  if (modelType === 'gpt2') return { ...identity, n_head: numAttentionHeads, ...config };
  const heads = { num_attention_heads: numAttentionHeads };
  if (numKeyValueHeads === undefined || HEADS_ONLY.has(modelType)) return { ...identity, ...heads, ...config };
  const keyValue = { num_key_value_heads: numKeyValueHeads, ...(headDim === undefined ? {} : { head_dim: headDim }) };
  return { ...identity, ...heads, ...keyValue, ...config };
}

const HEADS_ONLY: ReadonlySet<string> = new Set(['gpt_neox', 'falcon', 'bert']);

/** Values of config.json compared as JSON; the table writes the keys of nested ones in one order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
