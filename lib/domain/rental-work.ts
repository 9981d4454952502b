import type { CheckpointOrigin } from './checkpoint-origin';
import type { QuantizationType } from './quantization-types';

/** What a job will do on a rented machine, in the sizes that a check of the model found. */
export interface RentalWork {
  readonly parameterCount: number;
  /** Of the checkpoint; 0 when it comes with the host. */
  readonly sourceBytes: number;
  readonly sourceFrom: CheckpointOrigin;
  /** The float GGUF that everything is made from. */
  readonly baseBytes: number;
  /** What is quantized from it. */
  readonly outputs: readonly { readonly type: QuantizationType; readonly sizeBytes: number }[];
  /** What leaves the machine afterwards. */
  readonly broughtHomeBytes: number;
  /** Peak of any step. */
  readonly memoryBytes: number;
  /** Tokens of text to measure an importance matrix with, null when none is wanted. */
  readonly imatrixTokens: number | null;
}

/** The part of a disk and memory plan that matters here. */
export interface PlannedSizes {
  readonly sourceBytes: number;
  readonly baseBytes: number;
  readonly outputBytes: Readonly<Partial<Record<QuantizationType, number>>>;
}

export interface RentalWish {
  readonly sourceFrom: CheckpointOrigin;
  readonly parameterCount: number;
  readonly baseType: QuantizationType;
  /** As the person chose them, the base among them when it is to be kept. */
  readonly outputs: readonly QuantizationType[];
  readonly bringHome: boolean;
  readonly memoryBytes: number;
  readonly imatrixTokens: number | null;
}

/** The work of a job whose sizes are planned. */
export function rentalWorkOf(sizes: PlannedSizes, wish: RentalWish): RentalWork {
  const outputs = wish.outputs.flatMap((type) => {
    const sizeBytes = sizes.outputBytes[type];
    return type === wish.baseType || sizeBytes === undefined ? [] : [{ type, sizeBytes }];
  });
  const kept = wish.outputs.includes(wish.baseType) ? sizes.baseBytes : 0;
  const { sourceFrom, parameterCount, memoryBytes, imatrixTokens } = wish;
  return {
    parameterCount,
    sourceBytes: sizes.sourceBytes,
    sourceFrom,
    baseBytes: sizes.baseBytes,
    outputs,
    broughtHomeBytes: wish.bringHome ? kept + sumOf(outputs) : 0,
    memoryBytes,
    imatrixTokens,
  };
}

const GB = 1_000_000_000;
/** Python with torch, llama.cpp, logs; and the image, as far as its layers may count, of any but vast.ai's own. */
export const TOOLS_BYTES = 8 * GB;
const DISK_MARGIN = 1.15;
/** The smallest disk that can be rented. */
const LEAST_DISK_GB = 8;

/** The disk to rent: it can never be made larger, so there is a margin on top of everything side by side. */
export function diskNeedGb(work: RentalWork): number {
  const files = work.sourceBytes + work.baseBytes + sumOf(work.outputs);
  return Math.max(LEAST_DISK_GB, Math.ceil((DISK_MARGIN * (files + TOOLS_BYTES)) / GB));
}

function sumOf(outputs: RentalWork['outputs']): number {
  return outputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
