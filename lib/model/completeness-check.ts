import type { Finding } from '../domain/finding';
import { missingInOneLayer, namesByLayer } from './layer-agreement';
import { isOfType, requiredNames, signatureOfType } from './match-signatures';
import type { ModelSignature } from './model-signatures';
import { NAMING_FAMILIES } from './naming-families';
import { missingOuterTensors } from './outer-tensors';
import { missingInParts, missingRouters } from './part-agreement';
import { describe, type TensorInfo } from './safetensors-header';
import { checkOddOneOut, checkShapesAgree } from './shape-agreement';
import type { TensorFacts } from './tensor-facts';

const MAX_NAMED = 12;
/** Models that only draft what another reads: they use its embedding. */
const DRAFTS = /(eagle|draft|dspark|dflash|speculator|assistant)/i;
/** OLMo's norms have no weights. */
const WITHOUT_NORMS: ReadonlySet<string | null> = new Set(['olmo']);

/**
 * Tensors that the class must have and that are in no file, and such that cannot be of one model: the converter writes a
 * GGUF all the same and reports success. Of classes that are not known by their tensors' names, only what a single layer
 * lacks or has otherwise than all its fellows.
 */
export function checkCompleteness(
  modelType: string | null,
  facts: TensorFacts,
  tensors: readonly TensorInfo[],
): Finding | null {
  const signature = signatureOfType(modelType);
  const empty = emptyTensors(tensors);
  if (empty) return empty;
  const names = tensors.map(({ name }) => name);
  if (facts.family === null) return missingEmbedding(modelType, names);
  const isKnown = signature !== null && isOfType(signature.modelType, facts);
  const odd = differingRows(facts) ?? (isKnown ? checkShapesAgree(facts) : checkOddOneOut(facts, modelType));
  if (odd) return odd;
  const missing = [
    ...missingExperts(facts),
    ...missingRouters(facts.layers),
    ...missingInParts(facts.layers, modelType),
    ...(isKnown ? missingInLayers(signature, facts) : missingInOneLayer(facts.layers, modelType)),
    ...(WITHOUT_NORMS.has(modelType) || hasFinalNorm(facts, isKnown, names) ? [] : ['the final norm']),
    ...(isKnown ? missingOuterTensors(signature.modelType, names) : []),
  ];
  return missing.length === 0 ? null : finding([...new Set(missing)]);
}

/** What is left of weights that were spread over processes and saved by one of them (DeepSpeed's ZeRO-3). */
function emptyTensors(tensors: readonly TensorInfo[]): Finding | null {
  const empty = tensors.filter(({ name, shape }) => shape.includes(0) && /\.(weight|bias)$/.test(name));
  const [first] = empty;
  if (!first) return null;
  return {
    code: 'model-weights-missing',
    severity: 'blocks',
    tensor: first.name,
    message: `${empty.length} of ${tensors.length} tensors are empty, first ${describe(first)}: the weights were spread over several processes when they were saved (DeepSpeed ZeRO-3), and were not gathered.`,
    remedy:
      'Save the model again with its weights gathered (zero_to_fp32.py, or stage3_gather_16bit_weights_on_model_save).',
    evidence: empty.slice(0, MAX_NAMED).map((tensor) => describe(tensor)),
  };
}

/** Of a class that is not known by name, any norm outside of the layers may be it. */
function hasFinalNorm(facts: TensorFacts, isKnown: boolean, names: readonly string[]): boolean {
  return facts.hasOuterNorm || (!isKnown && names.some((name) => !/\.\d+\./.test(name) && /norm|ln_f/i.test(name)));
}

function missingInLayers(signature: ModelSignature, facts: TensorFacts): string[] {
  const required = [...new Set(requiredNames(signature))];
  return [...namesByLayer(facts.layers)].flatMap(([layer, own]) =>
    required.filter((name) => !own.has(name)).map((name) => `${name} of layer ${layer}`),
  );
}

/** Experts are numbered from 0 without a gap, the same in each layer that has them. */
function missingExperts(facts: TensorFacts): string[] {
  const count = facts.facts.num_experts?.value;
  if (count === undefined) return [];
  const there = new Map<string, Set<number>>();
  for (const { layer, name, tensor } of facts.layers) {
    if (!name.includes('.experts.*.')) continue;
    const key = `${name} of layer ${layer}`;
    const numbers = there.get(key) ?? new Set<number>();
    if (numbers.size === 0) there.set(key, numbers);
    numbers.add(Number(/\.experts\.(\d{1,6})\./.exec(tensor.name)?.[1]));
  }
  const gaps = [...there].filter(([, numbers]) => numbers.size < count);
  return gaps.map(([key, numbers]) => `${key}, of ${count - numbers.size} of ${count} experts`);
}

function differingRows({ facts }: TensorFacts): Finding | null {
  const { vocab_size: embedding, output_rows: output } = facts;
  if (!embedding || !output || embedding.value === output.value) return null;
  return {
    code: 'model-weights-missing',
    severity: 'blocks',
    tensor: output.tensor,
    message: `The output layer ${output.tensor} has ${output.value} rows and the embedding ${embedding.tensor} ${embedding.value}: they belong to different models, and llama.cpp loads no such file.`,
    remedy: 'Save the model again after resizing its vocabulary, so that both have the same rows.',
    evidence: [`${output.tensor} [${output.shape.join(', ')}]`, `${embedding.tensor} [${embedding.shape.join(', ')}]`],
  };
}

/** What an embedding is called, and what is called so without being one. */
const EMBEDDING = /(emb|wte|tok)/i;
const NO_EMBEDDING = /(pos|rotary|segment|type|patch|visi|visual|image|audio|norm)/i;
const FEWEST_LAYER_TENSORS = 4;

/**
 * Layers without the embedding that goes with them: nothing can be read from such a checkpoint, or made of it. Of any class:
 * whatever it calls its embedding, there is no table of that kind outside of the layers. Drafts of another model have none.
 */
function missingEmbedding(modelType: string | null, names: readonly string[]): Finding | null {
  const inLayers = names.filter((name) => /\.\d{1,5}\./.test(name));
  const isThere = names.some((name) => EMBEDDING.test(name) && !NO_EMBEDDING.test(name) && !/\.\d{1,5}\./.test(name));
  if (isThere || inLayers.length < FEWEST_LAYER_TENSORS || DRAFTS.test(modelType ?? '')) return null;
  const family = NAMING_FAMILIES.find(({ layer }) => names.some((name) => layer.test(name)));
  return finding([`the embedding${family ? ` (${family.embeddings[0]})` : ''}`]);
}

function finding(missing: readonly string[]): Finding {
  const named = missing.slice(0, 4).join(', ');
  return {
    code: 'model-weights-missing',
    severity: 'blocks',
    message: `The weights lack ${missing.length === 1 ? '' : `${missing.length} tensors: `}${named}${missing.length > 4 ? ', …' : ''}. The converter would not notice.`,
    remedy: 'Fetch all weight files of the checkpoint again; if it stays, ask its author for an intact copy.',
    evidence: missing.slice(0, MAX_NAMED).map((name) => `not found: ${name}`),
  };
}
