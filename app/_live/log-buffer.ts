import { type AnsiStyle, PLAIN } from './ansi';
import { foldCarriageReturns, type LogLine, makeLine, withoutCutCharacter } from './log-line';

const NEWLINE = 0x0a;
const EMPTY = new Uint8Array(0);
/** A line that has not ended is cut here, so that output without newlines cannot grow for ever. */
const MAX_PENDING_BYTES = 64 * 1024;

export type AppendResult = 'appended' | 'old' | 'gap';

/**
 * A contiguous window of a step's log, in whole lines, bounded in length. It knows where it begins and ends in bytes;
 * what is outside is asked for again when somebody looks at it. Pure: bytes in, lines out.
 */
export class LogBuffer {
  readonly #maxLines: number;
  #lines: LogLine[] = [];
  #startOffset = 0;
  #endOffset = 0;
  #pending: Uint8Array = EMPTY;
  #pendingOffset = 0;
  #style: AnsiStyle = PLAIN;
  #nextOrdinal = 0;
  /** Number of a line = its ordinal + this; null while nobody counted what is before the window. */
  #lineBase: number | null = 1;
  #skipsPartialLine = false;

  constructor(maxLines: number) {
    this.#maxLines = maxLines;
  }

  get startOffset(): number {
    return this.#startOffset;
  }
  get endOffset(): number {
    return this.#endOffset;
  }
  get lineBase(): number | null {
    return this.#lineBase;
  }
  get lineCount(): number {
    return this.#lines.length;
  }
  get isFull(): boolean {
    return this.#lines.length >= this.#maxLines;
  }
  /** Ordinal of the first line: what a line count of everything before the window refers to. */
  get firstOrdinal(): number {
    return this.#lines[0]?.ordinal ?? this.#nextOrdinal;
  }

  /** Forgets everything and begins a new window at a byte offset, which may be in the middle of a line. */
  reset(offset: number): void {
    this.#lines = [];
    this.#startOffset = offset;
    this.#endOffset = offset;
    this.#pending = EMPTY;
    this.#pendingOffset = offset;
    this.#style = PLAIN;
    this.#nextOrdinal = 0;
    this.#lineBase = offset === 0 ? 1 : null;
    this.#skipsPartialLine = offset > 0;
  }

  /** Tells how many lines there are before the line with this ordinal. */
  setLinesBefore(ordinal: number, linesBefore: number): void {
    this.#lineBase = linesBefore + 1 - ordinal;
  }

  /**
   * Adds bytes at the end. `old`: they were known already. `gap`: bytes between the window's end and these are missing;
   * nothing was added. Lines in front are dropped when the window is full.
   */
  append(bytes: Uint8Array, offset: number): AppendResult {
    if (offset > this.#endOffset) return 'gap';
    if (offset + bytes.length <= this.#endOffset) return 'old';
    const fresh = bytes.subarray(this.#endOffset - offset);
    this.#endOffset += fresh.length;
    this.#ingest(this.#pending.length === 0 ? fresh : concat(this.#pending, fresh));
    if (this.#lines.length > this.#maxLines) this.#dropInFront(this.#lines.length - this.#maxLines);
    return 'appended';
  }

  /** Adds bytes that end where the window begins; drops lines at the end when the window is full. */
  prepend(bytes: Uint8Array, offset: number): boolean {
    if (offset + bytes.length !== this.#startOffset || bytes.length === 0) return false;
    const cut = offset === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    const start = cut === bytes.length ? 0 : cut;
    const count = countLines(bytes, start);
    const first = this.firstOrdinal - count;
    const added: LogLine[] = [];
    let style = PLAIN;
    let position = start;
    while (position < bytes.length) {
      const end = endOfLine(bytes, position);
      const made = makeLine(bytes.subarray(position, end), offset + position, first + added.length, style);
      added.push(made.line);
      style = made.style;
      position = end + 1;
    }
    this.#lines = added.concat(this.#lines);
    this.#startOffset = offset + start;
    if (this.#startOffset === 0) this.#lineBase = 1 - first;
    if (this.#lines.length > this.#maxLines) this.#dropAtEnd();
    return true;
  }

  /** A list of the lines as they are now, the one that is still being written included. */
  lines(): readonly LogLine[] {
    if (this.#pending.length === 0) return [...this.#lines];
    const open = makeLine(withoutCutCharacter(this.#pending), this.#pendingOffset, this.#nextOrdinal, this.#style);
    return [...this.#lines, open.line];
  }

  #ingest(chunk: Uint8Array): void {
    let position = this.#skipPartialLine(chunk);
    const cut = startOfLastLines(chunk, this.#maxLines);
    if (cut > position) position = this.#skipTo(chunk, position, cut);
    for (let end = chunk.indexOf(NEWLINE, position); end !== -1; end = chunk.indexOf(NEWLINE, position)) {
      this.#push(chunk.subarray(position, end), this.#pendingOffset + position);
      position = end + 1;
    }
    this.#keepPending(chunk, position);
  }

  #push(bytes: Uint8Array, offset: number): void {
    const made = makeLine(bytes, offset, this.#nextOrdinal, this.#style);
    this.#lines.push(made.line);
    this.#nextOrdinal += 1;
    this.#style = made.style;
  }

  /** A window that begins in the middle of a line leaves the rest of that line out, if a newline is in sight. */
  #skipPartialLine(chunk: Uint8Array): number {
    if (!this.#skipsPartialLine) return 0;
    this.#skipsPartialLine = false;
    const position = chunk.indexOf(NEWLINE) + 1;
    this.#startOffset = this.#pendingOffset + position;
    return position;
  }

  /** In a burst, lines that would be dropped at once are counted but never decoded. */
  #skipTo(chunk: Uint8Array, from: number, cut: number): number {
    this.#nextOrdinal += countLines(chunk.subarray(0, cut), from);
    this.#lines = [];
    this.#startOffset = this.#pendingOffset + cut;
    this.#style = PLAIN;
    return cut;
  }

  #keepPending(chunk: Uint8Array, position: number): void {
    const rest = chunk.subarray(position);
    const lastReturn = rest.length === 0 ? -1 : foldStart(rest);
    const kept = rest.subarray(lastReturn);
    this.#pendingOffset += position;
    if (kept.length > MAX_PENDING_BYTES) {
      this.#push(kept, this.#pendingOffset);
      this.#pending = EMPTY;
      this.#pendingOffset = this.#endOffset;
      return;
    }
    // A copy: a view would keep the whole chunk in memory.
    this.#pending = kept.slice();
    this.#pendingOffset = this.#endOffset - kept.length;
  }

  #dropInFront(count: number): void {
    this.#lines.splice(0, count);
    this.#startOffset = this.#lines[0]?.offset ?? this.#pendingOffset;
  }

  #dropAtEnd(): void {
    const firstDropped = this.#lines[this.#maxLines] as LogLine;
    this.#lines.length = this.#maxLines;
    this.#endOffset = firstDropped.offset;
    this.#pendingOffset = firstDropped.offset;
    this.#pending = EMPTY;
    this.#nextOrdinal = firstDropped.ordinal;
    this.#style = PLAIN;
  }
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(NEWLINE, from);
  return end === -1 ? bytes.length : end;
}

/** Lines from `from` on; a last one without a newline counts. */
function countLines(bytes: Uint8Array, from: number): number {
  let count = 0;
  for (let position = from; position < bytes.length; position = endOfLine(bytes, position) + 1) count += 1;
  return count;
}

/** Where the last `count` ended lines of the bytes begin; 0 when there are not more. */
function startOfLastLines(bytes: Uint8Array, count: number): number {
  let position = bytes.lastIndexOf(NEWLINE);
  for (let seen = 0; position > 0 && seen < count; seen += 1) position = bytes.lastIndexOf(NEWLINE, position - 1);
  return position <= 0 ? 0 : position + 1;
}

/** Where the state begins that a progress bar shows now: all states before it are gone for good. */
function foldStart(bytes: Uint8Array): number {
  const folded = foldCarriageReturns(bytes);
  return folded.length === 0 ? 0 : folded.byteOffset - bytes.byteOffset;
}
