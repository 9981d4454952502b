import { type ConfigObject, openConfig } from './config-reader';
import type { GgufTensorPlan } from './gguf-tensor-plan';
import { attentionRows } from './quantization-mix-model';

/** What has to be in memory beside the file while a model answers, bytes. */
export interface ContextMemory {
  readonly cacheBytes: number;
  readonly computeBytes: number;
}

/** Of how many layers the last sees everything, by `general.architecture` (`load_swa_pattern`, src/models/*.cpp). */
const WINDOW_PERIODS: ReadonlyMap<string, number> = new Map([
  ['gemma2', 2],
  ['gemma3', 6],
  ['cohere2', 4],
  ['gpt-oss', 2],
  ['olmo2', 4],
]);
const GEMMA2_WINDOW = 4096;
const ENCODERS: ReadonlySet<string> = new Set(['bert']);
/** Keys and values are kept in 16 bits. */
const CELL_BYTES = 2;
/** Tokens that are computed at once (llama.cpp's default `n_ubatch`). */
const BATCH = 512;
const CELL_MULTIPLE = 256;

/**
 * Key and value cache of one conversation of this length, and buffers to compute with, as llama.cpp v0.5.0 reserves them
 * on a CPU with its default settings. Layers with a sliding window keep the window and one batch only; latent attention
 * keeps one compressed row for all heads.
 * @param contextTokens prompt and answer together.
 */
export function contextMemory(plan: GgufTensorPlan, config: ConfigObject, contextTokens: number): ContextMemory {
  const byName = new Map(plan.tensors.map((tensor) => [tensor.name, tensor]));
  const window = slidingWindow(plan.architecture, config);
  const allCells = toCells(contextTokens);
  let cells = 0;
  for (let layer = 0; layer < plan.layers && !ENCODERS.has(plan.architecture); layer += 1) {
    const latent = byName.get(`blk.${layer}.attn_kv_a_mqa.weight`)?.dimensions[1];
    const rows = attentionRows(byName, layer);
    const perCell = latent ?? (rows === null ? 0 : rows.key + rows.value);
    const isWindowed = window !== null && window.seesAll(layer) === false;
    cells += perCell * (isWindowed ? toCells(Math.min(allCells, window.tokens + BATCH)) : allCells);
  }
  const [width = 0, vocabulary = 0] = byName.get('token_embd.weight')?.dimensions ?? [];
  return { cacheBytes: cells * CELL_BYTES, computeBytes: computeBytes(width, vocabulary, allCells) };
}

/** The same from config.json alone, for a model whose tensors are not planned; windows are not taken into account. */
export function estimateContextMemory(config: ConfigObject, contextTokens: number): ContextMemory {
  const reader = openConfig(config);
  const layers = reader.number(['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers']) ?? 32;
  const hidden = reader.number(['hidden_size', 'n_embd', 'd_model', 'dim']) ?? 4096;
  const heads = reader.number(['num_attention_heads', 'n_head', 'n_heads']) ?? 32;
  const keyHeads = reader.number(['num_key_value_heads', 'n_kv_heads']) ?? heads;
  const headDim = reader.number(['head_dim']) ?? hidden / heads;
  const vocabulary = reader.number(['vocab_size', 'padded_vocab_size']) ?? 128_000;
  const allCells = toCells(contextTokens);
  return {
    cacheBytes: 2 * layers * keyHeads * headDim * allCells * CELL_BYTES,
    computeBytes: computeBytes(hidden, vocabulary, allCells),
  };
}

/**
 * The larger of two moments: all logits of a batch, or its attention mask with a few rows of the model's width. Found by
 * comparing with the sizes that llama.cpp prints while loading.
 */
function computeBytes(width: number, vocabulary: number, cells: number): number {
  const float = 4 * BATCH;
  return float * Math.max(vocabulary + 2 * width, cells + 4 * width);
}

function toCells(tokens: number): number {
  return Math.ceil(tokens / CELL_MULTIPLE) * CELL_MULTIPLE;
}

function slidingWindow(
  architecture: string,
  config: ConfigObject,
): { tokens: number; seesAll: (layer: number) => boolean } | null {
  const period = WINDOW_PERIODS.get(architecture);
  if (period === undefined) return null;
  const reader = openConfig(config);
  const tokens = reader.number(['sliding_window']) ?? (architecture === 'gemma2' ? GEMMA2_WINDOW : null);
  if (tokens === null || tokens <= 0) return null;
  const kinds = reader.field(['layer_types'])?.value;
  // Only OLMo's converter hands on the list of layers; the other classes repeat a fixed pattern.
  if (architecture === 'olmo2' && Array.isArray(kinds)) {
    return { tokens, seesAll: (layer) => kinds[layer] !== 'sliding_attention' };
  }
  return { tokens, seesAll: (layer) => layer % period === period - 1 };
}
