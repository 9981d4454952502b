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

/** The type of each tensor of a plan, by name; null where llama-quantize gives up for its columns. */
export type TensorMix = ReadonlyMap<string, TensorType | null>;

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

interface MixTensor {
  readonly tensor: PlannedTensor;
  readonly kind: Kind;
  readonly layer: number;
}

/** A plan in llama-quantize's order, read once for all file types. */
export interface PreparedMix {
  readonly model: MixModel;
  readonly tensors: readonly MixTensor[];
  readonly valueCount: number;
  readonly isTied: boolean;
}

/** Puts the tensors in the order in which llama-quantize comes to them: some rules count matrices of a kind. */
export function prepareMix(plan: GgufTensorPlan): PreparedMix {
  const tensors = plan.tensors.map((tensor) => ({ tensor, kind: kindOf(tensor.name), layer: layerOf(tensor.name) }));
  return {
    model: mixModel(plan),
    tensors: tensors.sort((a, b) => a.layer - b.layer || (a.tensor.name < b.tensor.name ? -1 : 1)),
    valueCount: tensors.filter(({ kind }) => kind === 'value').length,
    isTied: !tensors.some(({ kind }) => kind === 'output'),
  };
}

/**
 * The type of every tensor in the file that llama-quantize v0.5.0 makes, by its own rules for mixed types
 * (src/llama-quant.cpp).
 */
export function mixTensorTypes(prepared: PreparedMix, options: MixOptions): TensorMix {
  const chooser = new MixChooser(prepared, options);
  return new Map(prepared.tensors.map((one) => [one.tensor.name, chooser.choose(one)]));
}

/** True for a tensor that llama-quantize touches: a matrix that is no norm, router or position table. */
export function isQuantized({ name, dimensions }: PlannedTensor): boolean {
  const isMatrix = dimensions.some((length, axis) => axis > 0 && length > 1);
  return isMatrix && name.endsWith('weight') && !NEVER.some((part) => name.includes(part)) && !NEVER_WHOLE.has(name);
}

/** Walks the tensors in llama-quantize's order and keeps its counters. */
class MixChooser {
  private readonly prepared: PreparedMix;
  private readonly options: MixOptions;
  private readonly base: TensorType;
  private readonly seen = { value: 0, down: 0, gate: 0, up: 0 };

  constructor(prepared: PreparedMix, options: MixOptions) {
    this.prepared = prepared;
    this.options = options;
    this.base = DEFAULT_TENSOR_TYPES[options.type];
  }

  choose(one: MixTensor): TensorType | null {
    const { tensor } = one;
    if (!isQuantized(tensor)) return storedType(tensor, this.options.baseType);
    if (this.base === 'F32' || this.base === 'F16' || this.base === 'BF16') {
      return storedType(tensor, this.base);
    }
    return typeForColumns(this.mixed(one), columnsOf(tensor));
  }

  private mixed(one: MixTensor): TensorType {
    const { kind, tensor } = one;
    const context = this.context(one);
    if (kind === 'output' || (kind === 'embedding' && this.prepared.isTied)) {
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

  private context({ kind, layer }: MixTensor): rules.MixContext {
    const { options, base } = this;
    const { model, valueCount } = this.prepared;
    const counted = kind === 'value' || kind === 'down' || kind === 'gate' || kind === 'up' ? this.seen[kind] : 0;
    const index = kind !== 'value' && model.expertCount > 1 ? layer : counted;
    return {
      type: options.type,
      base,
      isFalcon: model.architecture === 'falcon',
      isSeventyB: model.isSeventyB,
      expertCount: model.expertCount,
      queriesPerKey: model.queriesPerKey,
      hasImatrix: options.hasImatrix,
      index,
      count: kind === 'value' ? valueCount : model.layers,
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
