import { type FactName, NAMING_FAMILIES, type NamingFamily } from './naming-families';
import type { TensorInfo } from './safetensors-header';

/** A number that a tensor's shape proves. */
export interface TensorFact {
  readonly value: number;
  readonly tensor: string;
  readonly shape: readonly number[];
}

export interface TensorFacts {
  /** Id of the naming family, null when no known one fits: then nothing is claimed. */
  readonly family: string | null;
  readonly facts: Readonly<Partial<Record<FactName, TensorFact>>>;
  /** True when no output layer of its own was found, so the embedding serves as one. */
  readonly tiesEmbeddings: boolean;
  /** Layer numbers between the first and the last that have no tensor at all. */
  readonly missingLayers: readonly number[];
}

interface LayerTensor {
  readonly layer: number;
  readonly name: string;
  readonly tensor: TensorInfo;
}

interface Match {
  readonly family: NamingFamily;
  readonly prefix: string;
  readonly layers: readonly LayerTensor[];
  readonly embedding: TensorInfo;
}

/**
 * Everything that shapes prove about a checkpoint. A fact is only stated when all layers agree on it, so a model with
 * layers of different widths yields no wrong fact, just none.
 */
export function readTensorFacts(tensors: readonly TensorInfo[]): TensorFacts {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const match = bestMatch(tensors, byName);
  if (!match) return { family: null, facts: {}, tiesEmbeddings: false, missingLayers: [] };
  const output = find(byName, match.prefix, match.family.outputs);
  const facts = new Map<FactName, TensorFact | null>();
  addWholeModelFacts(facts, match, byName, output);
  for (const entry of match.layers) addLayerFacts(facts, match.family, entry);
  addHeadDim(facts, match);
  return {
    family: match.family.id,
    facts: Object.fromEntries([...facts].filter(([, fact]) => fact !== null)),
    tiesEmbeddings: match.family.outputs.length > 0 && output === null,
    missingLayers: missingLayers(match.layers),
  };
}

function bestMatch(tensors: readonly TensorInfo[], byName: ReadonlyMap<string, TensorInfo>): Match | null {
  let best: Match | null = null;
  for (const family of NAMING_FAMILIES) {
    for (const [prefix, layers] of groupLayers(tensors, family)) {
      const embedding = find(byName, prefix, family.embeddings);
      if (embedding?.shape.length !== 2) continue;
      if (!best || layers.length > best.layers.length) best = { family, prefix, layers, embedding };
    }
  }
  return best;
}

function groupLayers(tensors: readonly TensorInfo[], family: NamingFamily): Map<string, LayerTensor[]> {
  const groups = new Map<string, LayerTensor[]>();
  for (const tensor of tensors) {
    const [, prefix, layer, name] = family.layer.exec(tensor.name) ?? [];
    if (prefix === undefined || layer === undefined || name === undefined) continue;
    const group = groups.get(prefix) ?? [];
    group.push({ layer: Number(layer), name, tensor });
    groups.set(prefix, group);
  }
  return groups;
}

function find(byName: ReadonlyMap<string, TensorInfo>, prefix: string, names: readonly string[]): TensorInfo | null {
  for (const name of names) {
    const tensor = byName.get(prefix + name) ?? byName.get(name);
    if (tensor) return tensor;
  }
  return null;
}

function addWholeModelFacts(
  facts: Map<FactName, TensorFact | null>,
  match: Match,
  byName: ReadonlyMap<string, TensorInfo>,
  output: TensorInfo | null,
): void {
  const { embedding, layers } = match;
  const last = layers.reduce((top, entry) => (entry.layer > top.layer ? entry : top));
  facts.set('num_hidden_layers', { value: last.layer + 1, tensor: last.tensor.name, shape: last.tensor.shape });
  state(facts, 'vocab_size', embedding, 0);
  const norm = find(byName, match.prefix, match.family.norms);
  // A factorized embedding is narrower than the model; then its columns prove nothing about the hidden size.
  if (norm === null || norm.shape[0] === embedding.shape[1]) state(facts, 'hidden_size', embedding, 1);
  if (output?.shape.length === 2) state(facts, 'output_rows', output, 0);
}

function addLayerFacts(facts: Map<FactName, TensorFact | null>, family: NamingFamily, entry: LayerTensor): void {
  const name = entry.name.replace(/\.experts\.\d+\./, '.experts.*.');
  for (const rule of family.rules) {
    if (rule.tensor === name) state(facts, rule.fact, entry.tensor, rule.axis, rule.divideBy);
  }
}

/** Records a fact, or withdraws it when a tensor before said something else. */
function state(
  facts: Map<FactName, TensorFact | null>,
  name: FactName,
  tensor: TensorInfo,
  axis: number,
  divideBy = 1,
): void {
  const size = tensor.shape[axis];
  const isFloat = /^(F16|BF16|F32|F64|F8)/.test(tensor.dtype);
  if (size === undefined || size % divideBy !== 0 || !isFloat) return;
  const before = facts.get(name);
  const value = size / divideBy;
  if (before === undefined) facts.set(name, { value, tensor: tensor.name, shape: tensor.shape });
  else if (before !== null && before.value !== value) facts.set(name, null);
}

/**
 * A query norm as long as one head proves the head's size (Qwen3, Gemma3). OLMo2's spans all heads and proves nothing.
 */
function addHeadDim(facts: Map<FactName, TensorFact | null>, match: Match): void {
  const queryRows = facts.get('query_rows')?.value;
  const keyRows = facts.get('key_rows')?.value;
  if (queryRows === undefined || keyRows === undefined) return;
  for (const { name, tensor } of match.layers) {
    if (!/^self_attn\.(q|k)_(norm|layernorm)\.weight$/.test(name)) continue;
    const size = tensor.shape[0];
    const isOneHead = tensor.shape.length === 1 && size !== undefined && size < queryRows && queryRows % size === 0;
    if (isOneHead && keyRows % size === 0) state(facts, 'head_dim', tensor, 0);
    else facts.set('head_dim', null);
  }
}

function missingLayers(layers: readonly LayerTensor[]): number[] {
  const there = new Set(layers.map((entry) => entry.layer));
  const top = Math.max(...there);
  const missing: number[] = [];
  for (let layer = 0; layer < top && missing.length < 100; layer += 1) if (!there.has(layer)) missing.push(layer);
  return missing;
}
