import type { FactName } from './naming-family';
import type { TensorInfo } from './safetensors-header';

/** A value that a tensor's shape, or its being there, proves. */
export interface TensorFact<Value = number> {
  readonly value: Value;
  readonly tensor: string;
  readonly shape: readonly number[];
}

export interface LayerTensor {
  readonly layer: number;
  /** Name inside the layer, experts as `*`. */
  readonly name: string;
  readonly tensor: TensorInfo;
}

/** Facts being gathered; null once two tensors disagreed, so that a model with unequal layers yields none. */
export type FactDraft = Map<FactName, TensorFact<number | boolean> | null>;

/** Records a fact, or withdraws it when a tensor before said something else. */
export function stateFact(facts: FactDraft, name: FactName, value: number | boolean, tensor: TensorInfo): void {
  const before = facts.get(name);
  if (before === undefined) facts.set(name, { value, tensor: tensor.name, shape: tensor.shape });
  else if (before !== null && before.value !== value) facts.set(name, null);
}
