import type { ConfigReader } from './config-reader';

/** A tensor as the converter hands it on: its name within the layer, and its shape in the checkpoint's order. */
export interface ChangedTensor {
  readonly part: string;
  readonly shape: readonly number[];
  /** `MXFP4` when it is stored in four bits already and only repacked. */
  readonly storage?: 'MXFP4';
}

/** What becomes of one tensor; null when its shape is not what the converter expects there. */
export type TensorChange = (shape: readonly number[], config: ConfigReader) => readonly ChangedTensor[] | null;

/** Renames without changing the shape. */
export function renamed(part: string): TensorChange {
  return (shape) => [{ part, shape }];
}

/** Rows and columns swap (GPT-2 stores its linear layers as Conv1D). */
export function transposed(part: string): TensorChange {
  return (shape) => [{ part, shape: swapLastTwo(shape) }];
}

/** Two matrices stored as one, halves of this axis counted from the end: `[experts, 2 × ffn, hidden]`. */
export function halved(axisFromEnd: number, first: string, second: string): TensorChange {
  return (shape) => {
    const halves = halve(shape, shape.length - axisFromEnd);
    return halves && [first, second].map((part) => ({ part, shape: halves }));
  };
}

/** GPT-OSS in 16 bits: `[experts, hidden, 2 × ffn]`, gate and up interleaved. */
export const gptOssGateUp: TensorChange = (shape) => {
  const halves = halve(swapLastTwo(shape), 1);
  return halves && ['gate', 'up'].map((kind) => ({ part: `mlp.experts.${kind}_proj.weight`, shape: halves }));
};

/** GPT-OSS in MXFP4: blocks of 32 elements as `[experts, rows, blocks, 16 bytes]`; the scales are merged into them. */
export function mxfp4Blocks(...parts: readonly string[]): TensorChange {
  return (shape) => {
    const [experts, rows, blocks, bytes] = shape;
    if (experts === undefined || rows === undefined || blocks === undefined || bytes !== 16) return null;
    if (rows % parts.length !== 0) return null;
    const each = [experts, rows / parts.length, blocks * 32];
    return parts.map((part) => ({ part, shape: each, storage: 'MXFP4' as const }));
  };
}

/** DeepSeek's joint key and value decompression, split by head and the key's part transposed. */
export const latentKeyValue: TensorChange = (shape, config) => {
  const [rows, rank] = shape;
  const heads = config.number(['num_key_value_heads', 'num_attention_heads']);
  const value = config.number(['v_head_dim']);
  const key = config.number(['qk_nope_head_dim']);
  if (rank === undefined || heads === null || value === null || key === null) return null;
  if (rows !== heads * (value + key)) return null;
  return [
    { part: 'self_attn.k_b_proj.weight', shape: [heads, rank, key] },
    { part: 'self_attn.v_b_proj.weight', shape: [heads, value, rank] },
  ];
};

/** RoBERTa's first positions, up to and with the padding token's, are never used. */
export const positionsAfterPadding: TensorChange = (shape, config) => {
  // An absent field becomes 1, the class's default.
  const padding = config.number(['pad_token_id']) ?? 1;
  const [rows, width] = shape;
  if (rows === undefined || width === undefined) return null;
  const part = 'embeddings.position_embeddings.weight';
  return [{ part, shape: [rows - padding - 1, width] }];
};

/** Left out of the GGUF. */
export const leftOut: TensorChange = () => [];

function swapLastTwo(shape: readonly number[]): number[] {
  const swapped = [...shape];
  const last = swapped.length - 1;
  if (last < 1) return swapped;
  [swapped[last - 1], swapped[last]] = [shape[last] ?? 0, shape[last - 1] ?? 0];
  return swapped;
}

function halve(shape: readonly number[], axis: number): number[] | null {
  const size = shape[axis];
  if (size === undefined || size % 2 !== 0) return null;
  return shape.map((length, at) => (at === axis ? length / 2 : length));
}
