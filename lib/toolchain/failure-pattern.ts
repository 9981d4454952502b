import type { FailureCode } from '../domain/failure';

export type Tool = 'convert' | 'quantize' | 'bench' | 'completion';

/** Those that read a GGUF, by the same code. */
export const LOADERS: readonly Tool[] = ['quantize', 'bench', 'completion'];

/** One known message of a tool, in the words of the pinned version. */
export interface FailurePattern {
  /** Finer than the code, for tests and reports. */
  readonly pattern: string;
  readonly tools: readonly Tool[];
  /** Found in one line. Groups may be used by `cause`. */
  readonly line: RegExp;
  /** Further lines that belong into the evidence. */
  readonly also?: RegExp;
  /** Must match somewhere in the log's tail too, where one message has two causes. */
  readonly onlyWith?: RegExp;
  readonly code: FailureCode;
  readonly cause: (groups: readonly string[]) => string;
  readonly remedy: string;
}

/** The remedy where the host's memory ran out, with words of a tool or without. */
export const MORE_MEMORY =
  'Use a host with more memory, or close what else runs there, then retry: finished steps are kept.';

/** The remedy of everything that config.json got wrong. */
export const FIX_CONFIG =
  'Check the model again and let the repair take the value from the tensors, then convert again.';
