import { formatBytes } from '../domain/bytes';
import type { Fit, FitVerdict } from '../domain/model-check';
import { QUANTIZATIONS, type QuantizationType } from '../domain/quantization-types';
import { type ConfigObject, openConfig } from './config-reader';
import { type DeviceProfile, type DeviceRoom, roomOf } from './device-profiles';
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
/** Of the room, from where on the rest is too little for comfort. */
const TIGHT_SHARE = 0.9;

/**
 * What we would choose from, best first, each only while it leaves this much of the room free: what a larger file gains
 * is soon less than what it costs in speed.
 */
const LADDER: readonly { readonly type: QuantizationType; readonly largestShare: number }[] = [
  { type: 'Q8_0', largestShare: 0.25 },
  { type: 'Q6_K', largestShare: 0.5 },
  { type: 'Q5_K_M', largestShare: 0.75 },
  ...(['Q4_K_M', 'IQ4_XS', 'Q3_K_M', 'IQ3_M', 'Q3_K_S', 'Q2_K', 'MXFP4_MOE'] as const).map((type) => ({
    type,
    largestShare: 1,
  })),
];

/** Size, memory and verdict of every file that can be made of a model, on one device; one of them is recommended. */
export function fitsOf(input: FitInput): Fit[] {
  const { plan, config, device } = input;
  const room = roomOf(device);
  const contexts = contextsOf(config, input.contextTokens ?? CONTEXT_CHOICES[0]).map((contextTokens) => {
    const { cacheBytes, computeBytes } = plan
      ? contextMemory(plan, config, contextTokens)
      : estimateContextMemory(config, contextTokens);
    return { contextTokens, besidesBytes: cacheBytes + computeBytes + PROGRAM_BYTES };
  });
  const sizes = plan ? quantizedSizes(plan, input) : estimateSizes(input.parameterCount);
  const makeable = sizes.filter((size) => size.problem === null);
  const fits = makeable.map((size) => describeFit(size, room, contexts));
  const best = recommend(fits, room);
  return fits.map((fit) => (fit === best ? { ...fit, isRecommended: true, note: reason(fit, device, room) } : fit));
}

/** What a conversation takes beside the file. */
interface Conversation {
  readonly contextTokens: number;
  readonly besidesBytes: number;
}

function describeFit(size: QuantizedSize, room: DeviceRoom, contexts: readonly Conversation[]): Fit {
  const ramByContext = contexts.map(({ contextTokens, besidesBytes }) => ({
    contextTokens,
    ramBytes: size.sizeBytes + besidesBytes,
  }));
  const [chosen = { contextTokens: 0, ramBytes: size.sizeBytes }] = ramByContext;
  return {
    type: size.type,
    sizeBytes: size.sizeBytes,
    ...chosen,
    ramByContext: [...ramByContext].sort((a, b) => a.contextTokens - b.contextTokens),
    verdict: verdictOf(chosen.ramBytes, room),
    isRecommended: false,
    note: QUANTIZATIONS[size.type].note,
  };
}

function verdictOf(ramBytes: number, room: DeviceRoom): FitVerdict {
  if (ramBytes <= room.fullSpeedBytes * TIGHT_SHARE) return 'fits';
  return ramBytes <= room.mostBytes ? 'tight' : 'too-big';
}

/** The context of the verdict first, then the others that this model can do. */
function contextsOf(config: ConfigObject, wanted: number): number[] {
  const most = openConfig(config).number(['max_position_embeddings', 'n_positions', 'n_ctx']) ?? Number.MAX_VALUE;
  return [...new Set([wanted, ...CONTEXT_CHOICES].map((tokens) => Math.min(tokens, most)))];
}

function recommend(fits: readonly Fit[], room: DeviceRoom): Fit | null {
  const byType = new Map(fits.map((fit) => [fit.type, fit]));
  for (const { type, largestShare } of LADDER) {
    const fit = byType.get(type);
    if (fit?.verdict === 'fits' && fit.ramBytes <= largestShare * room.fullSpeedBytes) return fit;
  }
  for (const { type } of LADDER) {
    const fit = byType.get(type);
    if (fit?.verdict === 'tight') return fit;
  }
  return null;
}

function reason(fit: Fit, device: DeviceProfile, room: DeviceRoom): string {
  const { note } = QUANTIZATIONS[fit.type];
  const conversation = `a conversation of ${fit.contextTokens.toLocaleString('en-US')} tokens`;
  const need = `it needs ${formatBytes(fit.ramBytes)} with ${conversation}`;
  if (fit.verdict === 'fits') {
    const place = device.graphicsBytes === null ? 'memory' : "the graphics card's memory";
    return `${note}; ${need}, and ${formatBytes(room.fullSpeedBytes)} of ${place} are free for it on this device.`;
  }
  const slower =
    device.graphicsBytes === null && !device.isUnified ? 'close other programs first' : 'a part of it runs slower';
  return `${note}; ${need}, which only just fits: ${slower}.`;
}
