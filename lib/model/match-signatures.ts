import { MODEL_SIGNATURES, type ModelSignature } from './model-signatures';
import type { TensorFacts } from './tensor-facts';

/** Buffers and the scales of quantized weights, which say nothing about the class. */
const NOT_TELLING =
  /(rotary_emb\.inv_freq|\.(weight_scale|weight_scale_inv|input_scale|k_scale|v_scale|activation_scale|output_scale|weight_shape|weight_zero_point|g_idx|qzeros|scales)|_layernorm\.norms\.\d{1,5}\.weight)$/;

interface Names {
  readonly required: readonly string[];
  readonly known: ReadonlySet<string>;
}

const expanded = new Map<ModelSignature, Names>(MODEL_SIGNATURES.map((each) => [each, expand(each.names)]));

/**
 * The classes whose layers have exactly these tensors, the likeliest first. Empty when none has: a class that is not
 * in the table, or layers of which a part is missing.
 */
export function matchSignatures(facts: TensorFacts): ModelSignature[] {
  const matching = MODEL_SIGNATURES.filter((signature) => {
    return hasNamesOf(signature, facts) && fitsShapes(signature, facts);
  });
  return matching.filter((each, at) => matching.findIndex(({ modelType }) => modelType === each.modelType) === at);
}

/** Tensors without which no layer of this class is whole; those of experts aside, which some layers have. */
export function requiredNames(signature: ModelSignature): readonly string[] {
  return (expanded.get(signature)?.required ?? []).filter(
    (name) => !/(^|\.)(experts|shared_expert|mlp\.gate|block_sparse_moe)/.test(name),
  );
}

/** The first entry of a `model_type`; null when the table does not know it. */
export function signatureOfType(modelType: string | null): ModelSignature | null {
  return MODEL_SIGNATURES.find((signature) => signature.modelType === modelType) ?? null;
}

/** Whether the layers are those of this type, by their tensors' names. */
export function isOfType(modelType: string, facts: TensorFacts): boolean {
  return MODEL_SIGNATURES.some((each) => each.modelType === modelType && hasNamesOf(each, facts));
}

/** The entry whose class an `architectures` name is; null when the table does not know it. */
export function signatureOfArchitecture(name: string | null): ModelSignature | null {
  return MODEL_SIGNATURES.find((signature) => signature.architecture === name) ?? null;
}

/** Whether the layers have the tensors of this class, whatever their shapes. */
function hasNamesOf(signature: ModelSignature, facts: TensorFacts): boolean {
  const names = expanded.get(signature);
  if (!names || signature.family !== facts.family) return false;
  if (!names.required.every((name) => facts.layerNames.has(name))) return false;
  for (const name of facts.layerNames) if (!names.known.has(name) && !NOT_TELLING.test(name)) return false;
  return true;
}

function fitsShapes(signature: ModelSignature, { facts, tiesEmbeddings }: TensorFacts): boolean {
  // Head sizes are only stated where a norm of one head, or the like, proves them.
  if (signature.queryNorm === 'one-head' && facts.head_dim === undefined) return false;
  if (signature.queryNorm === 'all-heads' && facts.head_dim !== undefined) return false;
  if (signature.isTied && !tiesEmbeddings) return false;
  if (signature.hasInputsFirst === undefined) return true;
  return signature.hasInputsFirst === (facts.conv1d_inputs?.value === facts.hidden_size?.value);
}

/** `a.{b,c}? d.bias e.raw` as full tensor names: `.weight` where nothing else is said. */
function expand(text: string): Names {
  const required: string[] = [];
  const known = new Set<string>();
  for (const token of text.split(/\s+/)) {
    const isOptional = token.endsWith('?');
    for (const name of braces(isOptional ? token.slice(0, -1) : token)) {
      const full = name.endsWith('.raw') ? name.slice(0, -4) : name.endsWith('.bias') ? name : `${name}.weight`;
      known.add(full);
      if (!isOptional) required.push(full);
    }
  }
  return { required, known };
}

function braces(text: string): string[] {
  const [, before = '', options = '', after = ''] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(text) ?? [];
  if (options === '') return [text];
  return options.split(',').flatMap((option) => braces(before + option + after));
}
