import { type ConfigObject, type ConfigReader, declaredArchitecture, isObject, openConfig } from './config-reader';
import type { GgufLineage } from './gguf-lineage';
import type { PlannedTensor } from './gguf-planned-tensor';
import { ropeTensors } from './gguf-tensor-extras';
import { lineageOf } from './gguf-tensor-lineages';
import { normalizedName } from './gguf-tensor-selection';
import { type PlacedTensor, stackTensors } from './gguf-tensor-stacks';

export interface GgufTensorPlan {
  /** `general.architecture`. */
  readonly architecture: string;
  readonly layers: number;
  readonly tensors: readonly PlannedTensor[];
}

export interface GgufPlanInput {
  /** All tensors of the checkpoint; of one name that appears twice the later one counts, as for the converter. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** config.json after repair. */
  readonly config: ConfigObject;
  /** Tokens of the tokenizer, where known: Gemma 3's embedding is cut to it. */
  readonly tokenCount?: number | null;
}

/** What the converter of llama.cpp v0.5.0 keeps in 32 bits although it has two dimensions (`prepare_tensors`). */
const ALWAYS_F32 = new Set(['ffn_gate_inp', 'ffn_gate_inp_shexp', 'position_embd', 'token_types']);
/** Most layers that llama.cpp loads (`LLAMA_MAX_LAYERS`), and more tensors than any model of that depth has. */
const MAX_LAYERS = 512;
const MAX_TENSORS = 20_000;
/** Compressed weights that the converter unpacks to the shapes they already have, or repacks (GPT-OSS). */
const UNPACKED = new Set(['fp8', 'mxfp4']);

/**
 * Every tensor that the pinned converter will write for this checkpoint: names, shapes and what stays in 32 bits,
 * without reading weights. Null when its class is not described here, or a tensor is there that the description does not
 * know: then nothing is claimed.
 */
export function planGgufTensors(input: GgufPlanInput): GgufTensorPlan | null {
  const architecture = declaredArchitecture(input.config);
  const lineage = architecture === null ? null : lineageOf(architecture);
  const config = openConfig(input.config);
  if (!lineage || isCompressed(config)) return null;
  const placed = placeTensors(input, lineage, config);
  const stacked = placed && stackTensors(placed);
  if (!stacked || stacked.length > MAX_TENSORS) return null;
  const planned: PlannedTensor[] = ropeTensors(lineage, config);
  for (const tensor of stacked) {
    const name = ggufName(lineage, tensor);
    if (name === null) return null;
    planned.push(toPlanned(name, tensor, lineage, input.tokenCount ?? null));
  }
  const unique = new Map(planned.map((tensor) => [tensor.name, tensor]));
  const layers = stacked.reduce((top, tensor) => Math.max(top, tensor.layer ?? -1), -1) + 1;
  if (layers > MAX_LAYERS) return null;
  return { architecture: lineage.architecture, layers, tensors: [...unique.values()] };
}

function isCompressed(config: ConfigReader): boolean {
  const compression = config.field(['quantization_config'])?.value;
  if (compression === undefined) return false;
  return !isObject(compression) || !UNPACKED.has(String(compression['quant_method']));
}

function placeTensors(input: GgufPlanInput, lineage: GgufLineage, config: ConfigReader): PlacedTensor[] | null {
  const layerCount = config.number(['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers']) ?? Number.MAX_VALUE;
  const isTied = lineage.leavesOutTiedOutput === true && config.field(['tie_word_embeddings'])?.value === true;
  const shapes = new Map<string, readonly number[]>();
  for (const { name, shape } of input.tensors) {
    const normalized = normalizedName(name, lineage);
    if (normalized !== null && !(isTied && normalized === 'lm_head.weight')) shapes.set(normalized, shape);
  }
  const placed: PlacedTensor[] = [];
  for (const [name, shape] of shapes) {
    const { layer, part } = splitLayer(name, lineage.layers);
    if (lineage.leavesOutExtraLayers && layer !== null && layer >= layerCount) continue;
    const change = lineage.changes?.get(part);
    const results = change ? change(shape, config) : [{ part, shape }];
    if (results === null) return null;
    for (const result of results) placed.push({ ...result, layer });
  }
  return placed;
}

function splitLayer(name: string, beginning: string): { layer: number | null; part: string } {
  if (!name.startsWith(beginning)) return { layer: null, part: name };
  const rest = name.slice(beginning.length);
  const dot = rest.indexOf('.');
  const number = rest.slice(0, dot);
  if (!/^\d{1,5}$/.test(number)) return { layer: null, part: name };
  return { layer: Number(number), part: rest.slice(dot + 1) };
}

function ggufName(lineage: GgufLineage, { layer, part }: PlacedTensor): string | null {
  const suffix = ['.weight', '.bias'].find((one) => part.endsWith(one));
  if (suffix === undefined) return null;
  const table = layer === null ? lineage.whole : lineage.perLayer;
  const name = table.get(part.slice(0, -suffix.length));
  if (name === undefined) return null;
  return `${layer === null ? '' : `blk.${layer}.`}${name}${suffix}`;
}

function toPlanned(name: string, tensor: PlacedTensor, lineage: GgufLineage, tokens: number | null): PlannedTensor {
  const dimensions = [...tensor.shape].reverse();
  const [columns, rows] = dimensions;
  const storage = tensor.storage ?? (staysF32(name, dimensions.length) ? 'F32' : 'float');
  if (!lineage.trimsVocabulary || name !== 'token_embd.weight' || columns === undefined || rows === undefined) {
    return { name, dimensions, storage };
  }
  if (tokens === null) return { name, dimensions, storage, mayLoseRows: true };
  return { name, dimensions: [columns, Math.min(rows, tokens)], storage };
}

function staysF32(name: string, dimensionCount: number): boolean {
  const base = name.replace(/^blk\.\d+\./, '').replace(/\.weight$/, '');
  return dimensionCount <= 1 || name.endsWith('_norm.weight') || !name.endsWith('.weight') || ALWAYS_F32.has(base);
}
