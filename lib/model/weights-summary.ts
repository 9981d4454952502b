import type { InspectionView } from '../domain/views';
import type { CheckpointFiles } from './checkpoint-files';
import { EXTRA_LAYER_KEYS } from './config-fields';
import { type ConfigObject, declaredArchitecture, openConfig } from './config-reader';
import { isFloatDtype } from './safetensors-dtypes';
import { elementCount, type SafetensorsHeader } from './safetensors-header';
import type { TensorFacts } from './tensor-facts';

export interface WeightsSummary extends Omit<InspectionView, 'contradictions' | 'findings'> {
  /** The dtype that most parameters have, e.g. `BF16`; null without weights. */
  readonly dtype: string | null;
}

/** Counts of a checkpoint: what its weights amount to, and the numbers that a converted file is held against. */
export function summarizeWeights(
  config: ConfigObject | null,
  files: CheckpointFiles | null,
  headers: readonly SafetensorsHeader[],
  facts: TensorFacts,
): WeightsSummary {
  const tensors = headers.flatMap((header) => header.tensors);
  const byDtype = new Map<string, number>();
  for (const tensor of tensors) {
    if (isFloatDtype(tensor.dtype)) byDtype.set(tensor.dtype, (byDtype.get(tensor.dtype) ?? 0) + elementCount(tensor));
  }
  const [dtype] = [...byDtype].sort((a, b) => b[1] - a[1])[0] ?? [null];
  return {
    architecture: config ? declaredArchitecture(config) : null,
    tensorCount: tensors.length,
    parameterCount: [...byDtype.values()].reduce((sum, count) => sum + count, 0),
    totalBytes: files?.weights.reduce((sum, file) => sum + file.sizeBytes, 0) ?? 0,
    facts: numbersOf(facts, config),
    dtype,
  };
}

/**
 * Layers for predicting further tokens are stored behind the others; config.json or their own tensors say how many. A
 * GGUF may leave them out, so they are kept apart, and `num_hidden_layers` is the count of all that are stored.
 */
function numbersOf({ facts }: TensorFacts, config: ConfigObject | null): InspectionView['facts'] {
  const numbers: Record<string, InspectionView['facts'][string]> = {};
  for (const [name, fact] of Object.entries(facts)) {
    if (typeof fact.value === 'number') numbers[name] = { ...fact, value: fact.value };
  }
  const layers = numbers['num_hidden_layers'];
  const proven = numbers['extra_prediction_layers'];
  const extra = proven?.value ?? (config ? openConfig(config).number(EXTRA_LAYER_KEYS) : null);
  if (!layers || !extra) return numbers;
  return {
    ...numbers,
    num_hidden_layers: { ...layers, value: layers.value + (proven?.value ?? 0) },
    extra_prediction_layers: { value: extra, tensor: layers.tensor, shape: layers.shape },
  };
}
