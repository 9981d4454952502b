import type { QuantizationType } from '../domain/quantization-types';
import type { PlannedTensor } from './gguf-planned-tensor';
import type { GgufTensorPlan } from './gguf-tensor-plan';
import { type MixModel, mixModel } from './quantization-mix-model';
import * as rules from './quantization-mix-rules';
import { blockElements, DEFAULT_TENSOR_TYPES, type TensorType, typeForColumns } from './quantization-mix-types';

export interface MixOptions {
  readonly type: QuantizationType;
  /** The float type of the file that is quantized. */
  readonly baseType: 'F16' | 'BF16' | 'F32';
  readonly hasImatrix: boolean;
}

export interface TensorMix {
  /** The type of each tensor of the plan, by name; null where llama-quantize gives up for its columns. */
  readonly types: ReadonlyMap<string, TensorType | null>;
  /** Tensors that llama-quantize refuses without an importance matrix. */
  readonly needImatrix: readonly string[];
}

type Kind = 'output' | 'embedding' | 'value' | 'key' | 'query' | 'projection' | 'up' | 'gate' | 'down' | 'other';

/** Name parts in the order in which llama-quantize tries them (`tensor_get_category`). */
const KINDS: readonly (readonly [string, Kind])[] = [
  ['attn_qkv.weight', 'value'],
  ['attn_kv_b.weight', 'value'],
  ['attn_v.weight', 'value'],
  ['attn_k.weight', 'key'],
  ['attn_q.weight', 'query'],
  ['attn_output.weight', 'projection'],
  ['ffn_up', 'up'],
  ['ffn_gate', 'gate'],
  ['ffn_down', 'down'],
];
/** Parts of names that are never quantized (`tensor_allows_quantization`), of the families that are planned. */
const NEVER = ['_norm.weight', 'ffn_gate_inp.weight'];
const NEVER_WHOLE = new Set(['position_embd.weight', 'token_types.weight']);
const IMATRIX_TYPES: ReadonlySet<TensorType> = new Set(['IQ3_XXS', 'IQ2_XXS', 'IQ2_XS', 'IQ2_S', 'IQ1_M', 'IQ1_S']);

/**
 * The type of every tensor in the file that llama-quantize v0.5.0 makes, by its own rules for mixed types
 * (src/llama-quant.cpp). Order matters: some rules count matrices of a kind as they come.
 */
export function mixTensorTypes(plan: GgufTensorPlan, options: MixOptions): TensorMix {
  const tensors = [...plan.tensors].sort(byLayerThenName);
  const chooser = new MixChooser(mixModel(plan), options, tensors);
  const types = new Map<string, TensorType | null>();
  for (const tensor of tensors) types.set(tensor.name, chooser.choose(tensor));
  const needImatrix = options.hasImatrix
    ? []
    : tensors.filter((tensor) => needsImatrix(tensor, types.get(tensor.name) ?? null, options.type));
  return { types, needImatrix: needImatrix.map(({ name }) => name) };
}

/** True for a tensor that llama-quantize touches: a matrix that is no norm, router or position table. */
export function isQuantized({ name, dimensions }: PlannedTensor): boolean {
  const isMatrix = dimensions.some((length, axis) => axis > 0 && length > 1);
  return isMatrix && name.endsWith('weight') && !NEVER.some((part) => name.includes(part)) && !NEVER_WHOLE.has(name);
}

/** Walks the tensors in llama-quantize's order and keeps its counters. */
class MixChooser {
  private readonly model: MixModel;
  private readonly options: MixOptions;
  private readonly base: TensorType;
  private readonly valueCount: number;
  private readonly isTied: boolean;
  private readonly seen = { value: 0, down: 0, gate: 0, up: 0 };

  constructor(model: MixModel, options: MixOptions, tensors: readonly PlannedTensor[]) {
    this.model = model;
    this.options = options;
    this.base = DEFAULT_TENSOR_TYPES[options.type];
    this.valueCount = tensors.filter(({ name }) => kindOf(name) === 'value').length;
    this.isTied = !tensors.some(({ name }) => name === 'output.weight');
  }

  choose(tensor: PlannedTensor): TensorType | null {
    if (!isQuantized(tensor)) return storedType(tensor, this.options.baseType);
    if (this.base === 'F32' || this.base === 'F16' || this.base === 'BF16') {
      return storedType(tensor, this.base);
    }
    return typeForColumns(this.mixed(tensor), columnsOf(tensor));
  }

  private mixed(tensor: PlannedTensor): TensorType {
    const kind = kindOf(tensor.name);
    const context = this.context(kind, tensor.name);
    if (kind === 'output' || (kind === 'embedding' && this.isTied)) {
      return rules.outputType(context, columnsOf(tensor) % blockElements(this.base) === 0);
    }
    if (this.options.type === 'MXFP4_MOE') return (tensor.dimensions[2] ?? 1) > 1 ? 'MXFP4' : 'Q8_0';
    if (kind === 'embedding') return rules.embeddingType(context);
    return rules.LOW_BIT.has(this.options.type) ? this.lowBit(kind, context) : this.usual(kind, context);
  }

  private lowBit(kind: Kind, context: rules.MixContext): TensorType {
    if (kind === 'value') return rules.lowBitValueType(context);
    if (kind === 'key') return context.expertCount === 8 ? 'Q4_K' : this.base;
    if (kind === 'projection') return rules.lowBitOutputProjectionType(context);
    if (kind !== 'down') return this.base;
    // These types count matrices even where experts are out of order.
    const index = this.seen.down;
    this.seen.down += 1;
    return rules.lowBitDownType({ ...context, index });
  }

  private usual(kind: Kind, context: rules.MixContext): TensorType {
    switch (kind) {
      case 'value':
        this.seen.value += 1;
        return rules.valueType(context);
      case 'key':
        return rules.keyType(context);
      case 'query':
        return rules.queryType(context);
      case 'down':
        this.seen.down += 1;
        return rules.downType(context);
      case 'projection':
        return rules.outputProjectionType(context);
      case 'gate':
      case 'up':
        this.seen[kind] += 1;
        return rules.gateOrUpType(context);
      default:
        return this.base;
    }
  }

  private context(kind: Kind, name: string): rules.MixContext {
    const { model, options, base } = this;
    const counted = kind === 'value' || kind === 'down' || kind === 'gate' || kind === 'up' ? this.seen[kind] : 0;
    const index = kind !== 'value' && model.expertCount > 1 ? layerOf(name) : counted;
    return {
      type: options.type,
      base,
      isFalcon: model.architecture === 'falcon',
      isSeventyB: model.isSeventyB,
      expertCount: model.expertCount,
      queriesPerKey: model.queriesPerKey,
      hasImatrix: options.hasImatrix,
      index,
      count: kind === 'value' ? this.valueCount : model.layers,
    };
  }
}

/** How a tensor is stored in a float file of this type. */
export function storedType({ storage }: PlannedTensor, float: 'F16' | 'BF16' | 'F32'): TensorType {
  return storage === 'float' ? float : storage;
}

function columnsOf(tensor: PlannedTensor): number {
  return tensor.dimensions[0] ?? 1;
}

function kindOf(name: string): Kind {
  if (name === 'output.weight') return 'output';
  if (name === 'token_embd.weight') return 'embedding';
  return KINDS.find(([part]) => name.includes(part))?.[1] ?? 'other';
}

function layerOf(name: string): number {
  return Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
}

function byLayerThenName(a: PlannedTensor, b: PlannedTensor): number {
  const layers = layerOf(a.name) - layerOf(b.name);
  if (layers !== 0) return layers;
  return a.name < b.name ? -1 : 1;
}

function needsImatrix(tensor: PlannedTensor, chosen: TensorType | null, type: QuantizationType): boolean {
  const kind = kindOf(tensor.name);
  if (chosen === null || kind === 'output' || kind === 'embedding' || !isQuantized(tensor)) return false;
  return IMATRIX_TYPES.has(chosen) || (chosen === 'Q2_K' && type === 'Q2_K_S');
}
