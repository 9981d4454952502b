import type { DeviceProfile } from '../domain/device';
import type { Fit } from '../domain/model-check';
import { type ConfigObject, openConfig } from './config-reader';
import { type FileNeeds, fitsOnDevice } from './fits-on-device';

import type { TokenizerSize } from './gguf-header-size';
import type { GgufTensorPlan } from './gguf-tensor-plan';
import { contextMemory, estimateContextMemory } from './kv-cache';
import { estimateSizes, type QuantizedSize, quantizedSizes } from './quantization-sizes';

export interface FitInput {
  /** Null for a family whose tensors are not planned: then sizes and memory are estimated. */
  readonly plan: GgufTensorPlan | null;
  /** config.json after repair. */
  readonly config: ConfigObject;
  readonly parameterCount: number;
  readonly baseType: 'F16' | 'BF16' | 'F32';
  readonly tokenizer: TokenizerSize | null;
  readonly device: DeviceProfile;
  /** The conversation that the verdict is about; shortened to what the model can do. */
  readonly contextTokens?: number;
}

/** Conversations that memory is given for. */
export const CONTEXT_CHOICES = [4096, 8192, 32_768] as const;
/** llama.cpp itself, its libraries and small buffers. */
const PROGRAM_BYTES = 128 * 1024 * 1024;

/** Size, memory and verdict of every file that can be made of a model, on one device; one of them is recommended. */
export function fitsOf(input: FitInput): Fit[] {
  const { plan, config, device } = input;
  const contexts = contextsOf(config, input.contextTokens ?? CONTEXT_CHOICES[0]).map((contextTokens) => {
    const { cacheBytes, computeBytes } = plan
      ? contextMemory(plan, config, contextTokens)
      : estimateContextMemory(config, contextTokens);
    return { contextTokens, besidesBytes: cacheBytes + computeBytes + PROGRAM_BYTES };
  });
  const sizes = plan ? quantizedSizes(plan, input) : estimateSizes(input.parameterCount);
  const makeable = sizes.filter((size) => size.problem === null);
  return fitsOnDevice(
    makeable.map((size) => needsOf(size, contexts)),
    device,
    contexts[0]?.contextTokens,
  );
}

/** What a conversation takes beside the file. */
interface Conversation {
  readonly contextTokens: number;
  readonly besidesBytes: number;
}

function needsOf({ type, sizeBytes }: QuantizedSize, contexts: readonly Conversation[]): FileNeeds {
  const ramByContext = contexts
    .map(({ contextTokens, besidesBytes }) => ({ contextTokens, ramBytes: sizeBytes + besidesBytes }))
    .sort((a, b) => a.contextTokens - b.contextTokens);
  return { type, sizeBytes, ramByContext };
}

/** The context of the verdict first, then the others that this model can do. */
function contextsOf(config: ConfigObject, wanted: number): number[] {
  const most = openConfig(config).number(['max_position_embeddings', 'n_positions', 'n_ctx']) ?? Number.MAX_VALUE;
  return [...new Set([wanted, ...CONTEXT_CHOICES].map((tokens) => Math.min(tokens, most)))];
}
