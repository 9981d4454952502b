import { type ConfigObject, type ConfigReader, isObject } from './config-reader';
import type { GgufLineage } from './gguf-lineage';
import type { PlannedTensor } from './gguf-planned-tensor';

/** Tensors that no checkpoint holds and the converter computes from rope settings (`generate_extra_tensors`). */
export function ropeTensors(lineage: GgufLineage, config: ConfigReader): PlannedTensor[] {
  const scaling = ropeScaling(config);
  if (lineage.rope === undefined || scaling === null) return [];
  if (lineage.rope === 'longrope') {
    const long = scaling['long_factor'];
    if (!Array.isArray(long) || long.length === 0) return [];
    return ['rope_factors_long.weight', 'rope_factors_short.weight'].map((name) => extra(name, long.length));
  }
  const type = scaling['rope_type'] ?? scaling['type'];
  if (typeof type !== 'string' || type.toLowerCase() !== 'llama3') return [];
  const hidden = config.number(['hidden_size']);
  const heads = config.number(['num_attention_heads']);
  const headDim = config.number(['head_dim']) ?? (hidden && heads ? Math.floor(hidden / heads) : null);
  return headDim === null ? [] : [extra('rope_freqs.weight', Math.ceil(headDim / 2))];
}

/** Rope settings under their new or old name; of several kinds of layers those of full attention count. */
export function ropeScaling(config: ConfigReader): ConfigObject | null {
  const found = config.field(['rope_parameters', 'rope_scaling'])?.value;
  if (!isObject(found)) return null;
  const full = found['full_attention'];
  return isObject(full) ? full : found;
}

function extra(name: string, elements: number): PlannedTensor {
  return { name, dimensions: [elements], storage: 'F32' };
}
