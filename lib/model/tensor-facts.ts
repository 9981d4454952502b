import { deriveFacts } from './derived-facts';
import { type FactDraft, type LayerTensor, stateFact, type TensorFact } from './fact-draft';
import { NAMING_FAMILIES } from './naming-families';
import type { FactName, FlagName, NamingFamily, NumberName, ShapeRule } from './naming-family';
import { isFloatDtype } from './safetensors-dtypes';
import type { TensorInfo } from './safetensors-header';

export type { TensorFact };

export type ProvenFacts = Readonly<
  Partial<Record<NumberName, TensorFact>> & Partial<Record<FlagName, TensorFact<boolean>>>
>;

export interface TensorFacts {
  /** Id of the naming family, null when no known one fits: then nothing is claimed. */
  readonly family: string | null;
  readonly facts: ProvenFacts;
  /** True when no output layer of its own was found, so the embedding serves as one. */
  readonly tiesEmbeddings: boolean;
  /** Layer numbers between the first and the last that have no tensor at all. */
  readonly missingLayers: readonly number[];
  /** Whether there is a norm outside of the layers, as every such model has one. */
  readonly hasOuterNorm: boolean;
  readonly layers: readonly LayerTensor[];
  /** What the layers are made of: tensor names without prefix and layer number, experts as `*`. */
  readonly layerNames: ReadonlySet<string>;
}

interface Match {
  readonly family: NamingFamily;
  readonly prefix: string;
  readonly layers: readonly LayerTensor[];
  readonly embedding: TensorInfo;
}

const NOTHING: TensorFacts = {
  family: null,
  facts: {},
  tiesEmbeddings: false,
  missingLayers: [],
  hasOuterNorm: false,
  layers: [],
  layerNames: new Set(),
};

/**
 * Everything that shapes prove about a checkpoint. A fact is only stated when all layers agree on it, so a model with
 * layers of different widths yields no wrong fact, just none.
 */
export function readTensorFacts(tensors: readonly TensorInfo[]): TensorFacts {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const match = bestMatch(tensors, byName);
  if (!match) return NOTHING;
  const { family, prefix, layers } = match;
  const output = find(byName, prefix, family.outputs);
  const facts: FactDraft = new Map();
  addWholeModelFacts(facts, match, byName, output);
  const rules = rulesByTensor(family);
  for (const entry of layers) {
    for (const rule of rules.get(entry.name) ?? []) stateRule(facts, rule, entry.tensor);
  }
  deriveFacts(facts, family, layers);
  return {
    family: family.id,
    facts: Object.fromEntries([...facts].filter(([, fact]) => fact !== null)),
    tiesEmbeddings: family.outputs.length > 0 && output === null,
    missingLayers: missingLayers(layers),
    hasOuterNorm: find(byName, prefix, family.norms) !== null,
    layers,
    layerNames: new Set(layers.map((entry) => entry.name)),
  };
}

function rulesByTensor({ rules }: NamingFamily): Map<string, ShapeRule[]> {
  const byTensor = new Map<string, ShapeRule[]>();
  for (const rule of rules) byTensor.set(rule.tensor, [...(byTensor.get(rule.tensor) ?? []), rule]);
  return byTensor;
}

function stateRule(facts: FactDraft, rule: ShapeRule, tensor: TensorInfo): void {
  const size = rule.axis === 'not-hidden' ? notHidden(facts, tensor.shape) : tensor.shape[rule.axis];
  const divideBy = rule.divideBy ?? 1;
  if (size === undefined || size === 0 || size % divideBy !== 0 || !isFloatDtype(tensor.dtype)) return;
  stateFact(facts, rule.fact, size / divideBy, tensor);
}

function notHidden(facts: FactDraft, shape: readonly number[]): number | undefined {
  const hidden = facts.get('hidden_size')?.value;
  const [first, second] = shape.slice(-2);
  if (hidden === undefined || shape.length !== 3) return undefined;
  if (first === hidden) return second;
  return second === hidden ? first : undefined;
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
    if (group.length === 0) groups.set(prefix, group);
    group.push({ layer: Number(layer), name: name.replace(/\.experts\.\d+\./, '.experts.*.'), tensor });
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
  facts: FactDraft,
  match: Match,
  byName: ReadonlyMap<string, TensorInfo>,
  output: TensorInfo | null,
): void {
  const { embedding, layers, family, prefix } = match;
  const rows = (names: readonly string[] | undefined, fact: FactName) => {
    const table = find(byName, prefix, names ?? []);
    if (table?.shape.length === 2) stateFact(facts, fact, table.shape[0] ?? 0, table);
  };
  const last = layers.reduce((top, entry) => (entry.layer > top.layer ? entry : top));
  stateFact(facts, 'num_hidden_layers', last.layer + 1, last.tensor);
  if (isFloatDtype(embedding.dtype)) {
    stateFact(facts, 'vocab_size', embedding.shape[0] ?? 0, embedding);
    const norm = find(byName, prefix, family.norms);
    // A factorized embedding is narrower than the model; then its columns prove nothing about the hidden size.
    const isAsWide = norm === null || norm.shape[0] === embedding.shape[1];
    if (isAsWide) stateFact(facts, 'hidden_size', embedding.shape[1] ?? 0, embedding);
  }
  if (output?.shape.length === 2) stateFact(facts, 'output_rows', output.shape[0] ?? 0, output);
  if (family.outputs.length > 0) stateFact(facts, 'tie_word_embeddings', output === null, output ?? embedding);
  rows(family.positions, 'max_position_embeddings');
  rows(family.tokenTypes, 'type_vocab_size');
}

function missingLayers(layers: readonly LayerTensor[]): number[] {
  const there = new Set(layers.map((entry) => entry.layer));
  const top = layers.reduce((highest, entry) => Math.max(highest, entry.layer), 0);
  const missing: number[] = [];
  for (let layer = 0; layer < top && missing.length < 100; layer += 1) if (!there.has(layer)) missing.push(layer);
  return missing;
}
