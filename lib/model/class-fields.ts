import type { ConfigPatch } from '../domain/conversion-spec';
import type { Finding } from '../domain/finding';
import { classDefaults } from './class-defaults';
import type { ConfigObject } from './config-reader';
import type { ModelSignature } from './model-signatures';

/**
 * Fields that only one class among those with the same tensors has, and that change what it computes: where all of them
 * are written, they say whose config.json this is, whatever it calls itself.
 */
const MARKS: readonly { readonly modelType: string; readonly fields: readonly string[] }[] = [
  {
    modelType: 'granite',
    fields: ['embedding_multiplier', 'residual_multiplier', 'attention_multiplier', 'logits_scaling'],
  },
  { modelType: 'smollm3', fields: ['no_rope_layers', 'no_rope_layer_interval'] },
  { modelType: 'cohere', fields: ['logit_scale'] },
];

/**
 * Of classes with the same tensors, the one whose own fields are those of config.json: transformers writes every field of
 * its class and no other's. Null when that is none or several, or transformers did not write this config.json.
 */
export function classOfFields(config: ConfigObject, candidates: readonly ModelSignature[]): ModelSignature | null {
  if (typeof config['transformers_version'] !== 'string') return null;
  const all = new Set(candidates.flatMap(({ modelType }) => classDefaults(modelType)?.keys ?? []));
  const fitting = candidates.filter(({ modelType }) => {
    const own = classDefaults(modelType);
    return own !== null && [...all].every((key) => own.has(key) === Object.hasOwn(config, key));
  });
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

/**
 * Which of two types with the same tensors a config.json belongs to, where its model_type says one and its architectures
 * the other: the one whose own fields are there while the other's are not. Where that tells nothing it is the model_type,
 * by which transformers chooses the class that it loads.
 */
export function typeOfOwnFields(config: ConfigObject, type: string, declared: string): string {
  const ofType = ownFields(type, declared).filter((key) => Object.hasOwn(config, key));
  const ofDeclared = ownFields(declared, type);
  const isDeclared = ofDeclared.length > 0 && ofDeclared.every((key) => Object.hasOwn(config, key));
  return ofType.length === 0 && isDeclared ? declared : type;
}

/** The class whose marks a config.json of another class bears; null when it bears none. */
export function markedClass(
  config: ConfigObject,
  type: string,
  matching: readonly ModelSignature[],
): ModelSignature | null {
  const marked = MARKS.filter(({ modelType, fields }) => {
    const isOwn = modelType === type || fields.every((field) => classDefaults(type)?.has(field));
    return !isOwn && fields.every((field) => (config[field] ?? null) !== null);
  });
  return matching.find(({ modelType }) => marked.some((each) => each.modelType === modelType)) ?? null;
}

/** The changes that name one class throughout, where shapes do not tell two apart and fields or model_type do. */
export function classByFields(
  { modelType, architecture }: Pick<ModelSignature, 'modelType' | 'architecture'>,
  type: string,
  declared: string,
): { readonly patch: ConfigPatch; readonly findings: readonly Finding[] } {
  const changes = [
    ...(modelType === type ? [] : [['model_type', type, modelType] as const]),
    ...(architecture === declared ? [] : [['architectures', declared, architecture] as const]),
  ];
  const because = modelType === type ? `its model_type is ${type}` : `its other fields are those of ${modelType}`;
  return {
    patch: Object.fromEntries(changes.map(([field, , right]) => [field, right])),
    findings: changes.map(([field, configured, actual]) => ({
      code: 'config-contradicts-tensors',
      severity: 'blocks',
      field,
      configured,
      actual,
      message: `${field}: config.json says ${configured.slice(0, 100)}, but ${because}. The tensors' names are those of both classes, and the converter treats each in its own way.`,
      remedy: 'Accept the repaired config.json: it names one class throughout.',
      evidence: [`model_type: ${type}`, `architectures: ${declared.slice(0, 100)}`],
    })),
  };
}

function ownFields(type: string, other: string): readonly string[] {
  const others = classDefaults(other);
  return classDefaults(type)?.keys.filter((key) => others?.has(key) !== true) ?? [];
}
