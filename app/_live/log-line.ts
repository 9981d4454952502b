import { type AnsiSpan, type AnsiStyle, parseAnsi } from './ansi';

export interface LogLine {
  /** Where the line begins in the step's log, bytes. Its identity. */
  readonly offset: number;
  /** Position among the lines seen so far; with the buffer's base it becomes the line's number. */
  readonly ordinal: number;
  readonly spans: readonly AnsiSpan[];
  /** Written by our own scripts for the dashboard, not for people. */
  readonly isMachine: boolean;
  /** How loud the line says it is; null for most. */
  readonly level: LogLevel | null;
}

export type LogLevel = 'error' | 'warning';

/** Words with a colon or in brackets, as loggers write them, and the names of Python's exceptions: "0 errors" is none. */
const ERROR_LINE =
  /^Traceback \(most recent call last\)|\b(?:error|fatal|critical)\]?:|\[(?:error|fatal)\]|^[\w.]*(?:Error|Exception)(?::|$)|\b(?:failed to|error loading)\b|^Killed$/i;
const WARNING_LINE = /\bwarn(?:ing)?\]?:|\[warn(?:ing)?\]|^[\w.]*Warning(?::|$)/i;
const MACHINE_LINE = /^quantdeck-(progress|result|lane):/;
/** A line says how loud it is near its beginning. */
const LEVEL_CHARS = 400;
const CARRIAGE_RETURN = 0x0d;
/** More of one line than this is not read by anybody; the whole of it is in the download. */
const MAX_LINE_BYTES = 16 * 1024;
const decoder = new TextDecoder('utf-8', { fatal: false });

/**
 * What a terminal would show of a line with carriage returns: its last state. A progress bar of ten thousand updates
 * becomes one line.
 */
export function foldCarriageReturns(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
  const start = end === 0 ? 0 : bytes.lastIndexOf(CARRIAGE_RETURN, end - 1) + 1;
  return bytes.subarray(start, end);
}

/** The bytes without a UTF-8 character that is cut off at their end. */
export function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return wanted > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** Makes a line of raw bytes (without its newline); `style` is what the line before left switched on. */
export function makeLine(
  bytes: Uint8Array,
  offset: number,
  ordinal: number,
  style: AnsiStyle,
): { line: LogLine; style: AnsiStyle } {
  const folded = foldCarriageReturns(bytes);
  const shown = folded.length > MAX_LINE_BYTES ? withoutCutCharacter(folded.subarray(0, MAX_LINE_BYTES)) : folded;
  const text =
    decoder.decode(shown) + (shown.length < folded.length ? ` … ${folded.length - shown.length} bytes more` : '');
  const parsed = parseAnsi(text, style);
  const isMachine = MACHINE_LINE.test(text);
  const level = isMachine ? null : levelOf(textOf(parsed.spans).slice(0, LEVEL_CHARS));
  return { line: { offset, ordinal, spans: parsed.spans, isMachine, level }, style: parsed.style };
}

function levelOf(text: string): LogLevel | null {
  if (ERROR_LINE.test(text)) return 'error';
  return WARNING_LINE.test(text) ? 'warning' : null;
}

/** The text of a line without its colours. */
export function plainText(line: LogLine): string {
  return textOf(line.spans);
}

function textOf(spans: readonly AnsiSpan[]): string {
  return spans.length === 1 ? (spans[0]?.text ?? '') : spans.map((span) => span.text).join('');
}
