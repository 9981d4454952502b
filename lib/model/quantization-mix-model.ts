import type { PlannedTensor } from './gguf-planned-tensor';
import type { GgufTensorPlan } from './gguf-tensor-plan';

/** Rows of the attention matrices of one layer: what its heads need, and what its cache holds. */
export interface AttentionRows {
  readonly query: number;
  readonly key: number;
  readonly value: number;
}

/** What llama-quantize reads from a model's parameters, told from the shapes of its tensors instead. */
export interface MixModel {
  readonly architecture: string;
  readonly layers: number;
  /** 0 without experts. */
  readonly expertCount: number;
  /** Heads that share one key and value head, rounded down. */
  readonly queriesPerKey: number;
  readonly isSeventyB: boolean;
}

/** Files whose value matrices get more bits when they are this deep (`LLM_TYPE_70B` in llama.cpp's model classes). */
const SEVENTY_B_LAYERS = 80;

export function mixModel(plan: GgufTensorPlan): MixModel {
  const byName = new Map(plan.tensors.map((tensor) => [tensor.name, tensor]));
  const queriesPerKey = queriesForOneKey(plan, byName);
  const isDeep = plan.layers === SEVENTY_B_LAYERS;
  const isSeventyB =
    isDeep && (['qwen2', 'olmo'].includes(plan.architecture) || (plan.architecture === 'llama' && queriesPerKey > 1));
  const experts = plan.tensors.find(({ name }) => name.endsWith('_exps.weight'));
  return {
    architecture: plan.architecture,
    layers: plan.layers,
    expertCount: experts?.dimensions[2] ?? 0,
    queriesPerKey,
    isSeventyB,
  };
}

function queriesForOneKey(plan: GgufTensorPlan, byName: ReadonlyMap<string, PlannedTensor>): number {
  // Latent attention counts as one shared key for all heads (DeepSeek V2, V3).
  const latent = byName.get('blk.0.attn_k_b.weight')?.dimensions[2];
  if (latent !== undefined) return latent;
  // The converter writes one key head for each query head here, whatever the checkpoint has.
  if (plan.architecture === 'phi2') return 1;
  const rows = attentionRows(byName, 0);
  return rows === null || rows.key === 0 ? 0 : Math.floor(rows.query / rows.key);
}

/** Rows of a layer's query, key and value, taken apart where they are one matrix; null for a layer without attention. */
export function attentionRows(byName: ReadonlyMap<string, PlannedTensor>, layer: number): AttentionRows | null {
  const rows = (name: string) => byName.get(`blk.${layer}.${name}.weight`)?.dimensions[1];
  const query = rows('attn_q');
  const key = rows('attn_k');
  const value = rows('attn_v');
  if (query !== undefined && key !== undefined && value !== undefined) return { query, key, value };
  const fused = rows('attn_qkv');
  const joined = byName.get(`blk.${layer}.attn_output.weight`)?.dimensions[0];
  if (fused === undefined || joined === undefined || fused < joined) return null;
  return { query: joined, key: (fused - joined) / 2, value: (fused - joined) / 2 };
}
