/** How far a step is. All parsers of tool output and all transfers report this one shape. */
export interface Progress {
  /** What is being done, a few lower-case words ("writing tensors"). */
  readonly phase: string;
  /** 0..1 for the whole step, null while unknown. */
  readonly fraction: number | null;
  readonly done: number | null;
  readonly total: number | null;
  readonly unit: 'bytes' | 'tensors' | 'files' | 'steps' | 'tokens' | null;
  /** Of the last seconds. */
  readonly speedBytesPerSecond: number | null;
  /** Since the transfer began, or went on; only transfers have one. */
  readonly averageBytesPerSecond?: number | null | undefined;
  readonly etaMs: number | null;
  /** The thing at hand: a file or tensor name. */
  readonly detail: string | null;
}

/** Reads a tool's output as it arrives, in chunks split anywhere, and answers with the newest progress if it changed. */
export interface ProgressParser {
  push(text: string, atMs: number): Progress | null;
}
