import type { ChangedTensor } from './gguf-tensor-changes';

/** A layer's tensor, or one of the whole model (`layer` null), after renaming and before its GGUF name is looked up. */
export interface PlacedTensor extends ChangedTensor {
  readonly layer: number | null;
}

/** One of many equal tensors: an expert's matrix, or one head's norm (StableLM). */
const NUMBERED = /^(.{1,80}\.experts)\.(\d{1,5})\.([a-z0-9_]{1,40})\.weight$/;
const HEAD_NORM = /^(self_attn\.[qk]_layernorm)\.norms\.(\d{1,5})\.weight$/;

interface Stack {
  readonly first: PlacedTensor;
  readonly part: string;
  readonly numbers: Set<number>;
}

/**
 * Puts the matrices of all experts of a layer on top of each other, as one tensor with one more dimension.
 * @returns null when they differ in shape or one is missing, which the converter refuses too.
 */
export function stackTensors(tensors: readonly PlacedTensor[]): PlacedTensor[] | null {
  const stacks = new Map<string, Stack>();
  const others: PlacedTensor[] = [];
  for (const tensor of tensors) {
    const place = stackPlace(tensor.part);
    if (place === null) {
      others.push(tensor);
      continue;
    }
    const key = `${tensor.layer} ${place.part}`;
    const stack = stacks.get(key) ?? { first: tensor, part: place.part, numbers: new Set<number>() };
    if (stack.first.shape.join() !== tensor.shape.join()) return null;
    stack.numbers.add(place.number);
    stacks.set(key, stack);
  }
  for (const { first, part, numbers } of stacks.values()) {
    for (let number = 0; number < numbers.size; number += 1) if (!numbers.has(number)) return null;
    others.push({ layer: first.layer, part, shape: [numbers.size, ...first.shape] });
  }
  return others;
}

function stackPlace(part: string): { part: string; number: number } | null {
  const expert = NUMBERED.exec(part);
  if (expert) return { part: `${expert[1]}.${expert[3]}.weight`, number: Number(expert[2]) };
  const norm = HEAD_NORM.exec(part);
  return norm ? { part: `${norm[1]}.weight`, number: Number(norm[2]) } : null;
}
