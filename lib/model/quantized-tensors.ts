import type { ConfigPatch } from '../domain/conversion-spec';
import { isFloatDtype, SAFETENSORS_DTYPE_BITS } from './safetensors-dtypes';
import type { TensorInfo } from './safetensors-header';

/** A way of quantizing that shows in the tensors themselves. */
export interface QuantizedTensors {
  readonly method: string;
  /** Names of tensors that show it. */
  readonly examples: readonly string[];
  /** What config.json has to say for the converter to undo it; null when it cannot. */
  readonly block: ConfigPatch | null;
}

const TRACES: readonly (readonly [RegExp, string])[] = [
  [/\.weight\.(absmax|quant_map|nested_absmax|quant_state\.)|\.SCB$/, 'bitsandbytes'],
  [/\.weight\._(scale|data)$/, 'quanto'],
  [/\.q_(invperm|groups|scale_max)$/, 'exl2'],
  [/\.weight_packed$/, 'compressed-tensors'],
  [/\.W_q$/, 'hqq'],
  [/\.codebooks?$/, 'aqlm'],
  [/(^|[.:])_?weight_(qdata|plain|packed_weight)$/, 'torchao'],
  [/\.centroids\.weight$/, 'vptq'],
  [/\.qscale_weight$/, 'fp8 in the format of Mistral'],
  [/\.(weight_scale_2|input_scale_2|weight_global_scale)$/, 'nvfp4'],
];

/** Looks for quantized weights by their tensors, for a config.json that does not speak of them. */
export function findQuantizedTensors(tensors: readonly TensorInfo[]): QuantizedTensors | null {
  for (const [pattern, method] of TRACES) {
    const found = tensors.filter((tensor) => pattern.test(tensor.name));
    if (found.length > 0) return quantized(method, found, null);
  }
  return findMxfp4(tensors) ?? findFp8(tensors) ?? findPacked(tensors) ?? findMlx(tensors) ?? findNarrow(tensors);
}

/** gpt-oss keeps its experts in blocks of four-bit numbers with a scale each. */
function findMxfp4(tensors: readonly TensorInfo[]): QuantizedTensors | null {
  const blocks = tensors.filter(({ name, dtype }) => name.endsWith('_proj_blocks') && dtype === 'U8');
  return blocks.length > 0 ? quantized('mxfp4', blocks, { 'quantization_config.quant_method': 'mxfp4' }) : null;
}

/** FP8 in blocks: how many rows and columns share one scale follows from both shapes. */
function findFp8(tensors: readonly TensorInfo[]): QuantizedTensors | null {
  const scales = tensors.filter(({ name }) => name.endsWith('.weight_scale_inv'));
  const [first] = scales;
  if (!first) return null;
  const weight = tensors.find(({ name }) => name === first.name.slice(0, -'_scale_inv'.length));
  const sizes = [0, 1].map((axis) => blockSize(weight?.shape[axis], first.shape[axis]));
  const block = sizes.every((size) => size !== null)
    ? { 'quantization_config.quant_method': 'fp8', 'quantization_config.weight_block_size': sizes }
    : null;
  return quantized('fp8', scales, block);
}

/** The power of two that so many elements, in so many blocks, are cut by; a last block may be smaller. */
function blockSize(elements: number | undefined, blocks: number | undefined): number | null {
  if (!elements || !blocks) return null;
  const fitting = [32, 64, 128, 256, 512].filter((size) => Math.ceil(elements / size) === blocks);
  return fitting.length === 1 ? (fitting[0] ?? null) : fitting.includes(128) ? 128 : null;
}

/** GPTQ keeps an index of groups for each input; AWQ does not, and packs the other way. */
function findPacked(tensors: readonly TensorInfo[]): QuantizedTensors | null {
  const packed = tensors.filter(({ name }) => name.endsWith('.qweight'));
  const [first] = packed;
  if (!first) {
    const zeros = tensors.filter(({ name }) => name.endsWith('.qzeros'));
    return zeros.length > 0 ? quantized('gptq or awq', zeros, null) : null;
  }
  const group = tensors.find(({ name }) => name === `${first.name.slice(0, -'qweight'.length)}g_idx`);
  const [inputs] = group?.shape ?? [];
  const [rows] = first.shape;
  const bits = inputs && rows ? (32 * rows) / inputs : 0;
  if (!group) return quantized('awq', packed, null);
  const block = [2, 4, 8].includes(bits)
    ? { 'quantization_config.quant_method': 'gptq', 'quantization_config.bits': bits }
    : null;
  return quantized(`gptq with ${bits} bits`, packed, block);
}

/** MLX packs weights into 32-bit words, with scales and biases beside them. */
function findMlx(tensors: readonly TensorInfo[]): QuantizedTensors | null {
  const words = tensors.filter(({ name, dtype }) => name.endsWith('.weight') && dtype === 'U32');
  return words.length > 0 ? quantized('MLX', words, null) : null;
}

/** Whole numbers and floats of eight bits or fewer: what weights are packed into. Indices and positions are of 64 bits. */
const PACKED_DTYPES: ReadonlySet<string> = new Set(
  [...SAFETENSORS_DTYPE_BITS]
    .filter(([dtype, bits]) => bits <= 8 || (bits <= 32 && !isFloatDtype(dtype)))
    .map(([dtype]) => dtype)
    .filter((dtype) => dtype !== 'BOOL'),
);
/** What is no weight although it has two dimensions and no fractions: masks, and tables of numbers. */
const BUFFER = /(^|[._])(bias|mask|ids?|index|mapping|tid2eid|freqs_cis)$/;

/**
 * Weights in whole numbers or in eight bits, by whatever tool and under whatever name: converted as they are, the numbers
 * would be taken for the weights themselves, without the scale that belongs to each, or under a name that nothing knows.
 */
function findNarrow(tensors: readonly TensorInfo[]): QuantizedTensors | null {
  const narrow = tensors.filter(
    ({ name, dtype, shape }) => shape.length >= 2 && PACKED_DTYPES.has(dtype) && !BUFFER.test(name),
  );
  const [first] = narrow;
  if (!first) return null;
  const scale = tensors.find(({ name }) => name !== first.name && name.startsWith(`${first.name}_`));
  const beside = scale ? `, scaled by ${scale.name.slice(0, 160)}` : ', without any scale beside them';
  return quantized(`weights stored as ${first.dtype}${beside}`, narrow, null);
}

/**
 * Packed weights whose fellows in most other layers are whole: no tool quantizes like that, so these layers come from another
 * upload. Null where it is the other way round, as tools leave single layers whole.
 */
export function packedMinority(
  tensors: readonly TensorInfo[],
): { readonly packed: number; readonly whole: number } | null {
  const modules = new Set(
    tensors.filter(({ name }) => name.endsWith('.qweight')).map(({ name }) => moduleOf(name, '.qweight')),
  );
  const countOf = (suffix: string) =>
    tensors.filter(({ name }) => name.endsWith(suffix) && modules.has(moduleOf(name, suffix))).length;
  const packed = countOf('.qweight');
  const whole = countOf('.weight');
  return whole > packed ? { packed, whole } : null;
}

/** A weight's name in any layer: `model.layers.*.mlp.up_proj`. */
function moduleOf(name: string, suffix: string): string {
  return name.slice(0, -suffix.length).replace(/\.\d{1,5}\./, '.*.');
}

function quantized(method: string, found: readonly TensorInfo[], block: ConfigPatch | null): QuantizedTensors {
  return { method, examples: found.slice(0, 3).map(({ name }) => name), block };
}
