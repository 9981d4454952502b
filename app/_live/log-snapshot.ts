import type { LogLine } from './log-line';

/** What a reader of a log sees at one moment. */
export interface LogSnapshot {
  readonly state: 'connecting' | 'ready' | 'lost';
  readonly lines: readonly LogLine[];
  /** Number of a line = its ordinal + this; null while unknown. */
  readonly lineBase: number | null;
  readonly startOffset: number;
  readonly endOffset: number;
  /** Length of the whole log, bytes. */
  readonly length: number;
  /** The window reaches the end of the log, so new output appears in it. */
  readonly isAtEnd: boolean;
  /** Lines (as far as seen) that came while the reader looked elsewhere. */
  readonly unseenLines: number;
  /** Bytes that a burst pushed past the window without ever being shown. */
  readonly skippedBytes: number;
  readonly isLoading: boolean;
}

export const EMPTY_LOG: LogSnapshot = {
  state: 'connecting',
  lines: [],
  lineBase: 1,
  startOffset: 0,
  endOffset: 0,
  length: 0,
  isAtEnd: true,
  unseenLines: 0,
  skippedBytes: 0,
  isLoading: false,
};
