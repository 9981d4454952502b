import type { Finding } from '../domain/finding';
import type { TensorInfo } from './safetensors-header';
import { readTensorFacts, type TensorFacts } from './tensor-facts';

/** What programs leave in the names of tensors when a model is saved with their wrapper still around it. */
const WRAPPERS: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)_orig_mod\./, 'torch.compile'],
  [/(^|\.)_fsdp_wrapped_module\./, 'FSDP'],
  [/(^|\.)_checkpoint_wrapped_module\./, 'activation checkpointing'],
  [/(^|\.)_forward_module\./, 'Fabric'],
  [/^module\./, 'DataParallel or DeepSpeed'],
  [/^(model|transformer)\.(?=\1\.)/, 'a model inside another'],
];
const MOST_WRAPPERS = 6;
const IN_THE_MIDDLE = /\._(orig_mod|fsdp_wrapped_module|checkpoint_wrapped_module|forward_module)\./;
/** Heads of reinforcement learning, which have no place in a language model's file. */
const FOREIGN_HEAD = /^(v_head|value_head|reward_head|critic_head)\./;

/**
 * Tensors under names that no class of the converter has: `Can not map tensor '_orig_mod.model.layers.0…'`. Said only where
 * the same names without the wrapper are those of a model.
 */
export function checkWrappedNames(facts: TensorFacts, tensors: readonly TensorInfo[]): Finding | null {
  const foreign = tensors.filter(({ name }) => FOREIGN_HEAD.test(name));
  if (foreign.length > 0) {
    return finding(
      `The weights hold a value head (${foreign[0]?.name.slice(0, 100)}), which reinforcement learning adds and the converter does not know: it would stop at it.`,
      'Save the language model without that head (its pretrained_model, with save_pretrained), and convert that.',
      foreign,
    );
  }
  // Inside of layers a wrapper leaves the layers recognizable.
  const example = facts.family === null ? tensors[0] : tensors.find(({ name }) => IN_THE_MIDDLE.test(name));
  if (!example) return null;
  const found = new Set<string>();
  const bare = tensors.map((tensor) => ({ ...tensor, name: unwrap(tensor.name, found) }));
  if (found.size === 0 || readTensorFacts(bare).family === null) return null;
  return finding(
    `The tensors bear the names of a wrapper (${[...found].join(', ')}), e.g. ${example.name.slice(0, 100)}; the converter knows them without it and would stop at the first.`,
    'Save the model again without the wrapper (unwrap_model or ._orig_mod, then save_pretrained).',
    tensors,
  );
}

function unwrap(name: string, found: Set<string>): string {
  let bare = name;
  for (let times = 0; times < MOST_WRAPPERS; times += 1) {
    const [pattern, wrapper] = WRAPPERS.find(([each]) => each.test(bare)) ?? [];
    if (pattern === undefined || wrapper === undefined) break;
    found.add(wrapper);
    // What stands before a wrapper in the middle of a name stays.
    bare = bare.replace(pattern, (match) => (match.startsWith('.') ? '.' : ''));
  }
  return bare;
}

function finding(message: string, remedy: string, tensors: readonly TensorInfo[]): Finding {
  return {
    code: 'model-weights-missing',
    severity: 'blocks',
    message,
    remedy,
    evidence: tensors.slice(0, 5).map(({ name }) => `tensor ${name.slice(0, 160)}`),
  };
}
