/** One of the eight colours of a terminal; the theme decides how each looks, so that text stays readable in both. */
export type AnsiColor = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface AnsiStyle {
  readonly foreground: AnsiColor | null;
  readonly background: AnsiColor | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export interface AnsiSpan {
  readonly text: string;
  readonly style: AnsiStyle;
}

export interface ParsedAnsi {
  readonly spans: readonly AnsiSpan[];
  /** The style at the end: the next line begins with it. */
  readonly style: AnsiStyle;
}

export const PLAIN: AnsiStyle = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/** No real control sequence is longer; what is longer is an attack or an accident and must not swallow the log. */
const MAX_STRING_LENGTH = 4096;

// Besides C0 and C1: the bidirectional overrides, which make text read other than it is.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const SPECIAL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const SPECIAL_ALL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Splits one line of terminal output into styled spans. Only SGR (colours and weight) has an effect; every other escape
 * sequence (titles, hyperlinks, cursor movement, DCS, OSC…) and every control character but the tab is dropped. A sequence
 * that is not complete yet shows nothing, so a line may be parsed again and again while it grows.
 */
export function parseAnsi(text: string, style: AnsiStyle = PLAIN): ParsedAnsi {
  if (!SPECIAL.test(text)) return { spans: text === '' ? [] : [{ text, style }], style };
  const spans: AnsiSpan[] = [];
  let current = style;
  let position = 0;
  while (position < text.length) {
    SPECIAL_ALL.lastIndex = position;
    const at = SPECIAL_ALL.exec(text)?.index ?? text.length;
    if (at > position) pushSpan(spans, text.slice(position, at), current);
    if (at === text.length) break;
    const sequence = readSequence(text, at);
    if (sequence.sgr !== null) current = applySgr(current, sequence.sgr);
    position = sequence.end;
  }
  return { spans, style: current };
}

function pushSpan(spans: AnsiSpan[], text: string, style: AnsiStyle): void {
  const last = spans.at(-1);
  if (last && last.style === style) spans[spans.length - 1] = { text: last.text + text, style };
  else spans.push({ text, style });
}

interface Sequence {
  readonly end: number;
  /** Parameters of an SGR sequence, null for anything else. */
  readonly sgr: string | null;
}

/** Reads the control character or escape sequence at `start`. */
function readSequence(text: string, start: number): Sequence {
  const code = text.charCodeAt(start);
  if (code === 0x9b) return readCsi(text, start + 1);
  if (isStringOpener(code)) return readString(text, start + 1);
  if (code !== 0x1b) return { end: start + 1, sgr: null };
  const next = text.charAt(start + 1);
  if (next === '[') return readCsi(text, start + 2);
  if (next !== '' && ']PX^_'.includes(next)) return readString(text, start + 2);
  let end = start + 1;
  // Two-byte escapes may carry intermediates first: `ESC ( B` chooses a character set.
  while (end < text.length && isBetween(text.charCodeAt(end), 0x20, 0x2f)) end += 1;
  return { end: Math.min(text.length, end + 1), sgr: null };
}

/** C1 forms of DCS, SOS, OSC, PM, APC. */
function isStringOpener(code: number): boolean {
  return code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f);
}

function readCsi(text: string, start: number): Sequence {
  let end = start;
  while (end < text.length && isBetween(text.charCodeAt(end), 0x20, 0x3f)) end += 1;
  if (end >= text.length) return { end: text.length, sgr: null };
  // A character that cannot be part of it ends it: the rest is text again.
  if (!isBetween(text.charCodeAt(end), 0x40, 0x7e)) return { end, sgr: null };
  const parameters = text.slice(start, end);
  return { end: end + 1, sgr: text[end] === 'm' && /^[\d;:]*$/.test(parameters) ? parameters : null };
}

/** Skips to the end of an OSC, DCS or similar string: BEL, ST, or the end of the line. */
function readString(text: string, start: number): Sequence {
  const limit = Math.min(text.length, start + MAX_STRING_LENGTH);
  for (let at = start; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x07 || code === 0x9c) return { end: at + 1, sgr: null };
    if (code === 0x1b) return { end: text[at + 1] === '\\' ? at + 2 : at, sgr: null };
  }
  return { end: limit, sgr: null };
}

function isBetween(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

const SWITCHES: Readonly<Record<number, Partial<AnsiStyle>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { foreground: null },
  49: { background: null },
};

function applySgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map(Number);
  let next = style;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48) {
      const extended = readExtendedColor(codes, index);
      next = code === 38 ? { ...next, foreground: extended.color } : { ...next, background: extended.color };
      index = extended.lastIndex;
    } else {
      next = { ...next, ...(SWITCHES[code] ?? colorSwitch(code)) };
    }
  }
  return next;
}

function colorSwitch(code: number): Partial<AnsiStyle> {
  if (isBetween(code, 30, 37)) return { foreground: (code - 30) as AnsiColor };
  if (isBetween(code, 90, 97)) return { foreground: (code - 90) as AnsiColor };
  if (isBetween(code, 40, 47)) return { background: (code - 40) as AnsiColor };
  if (isBetween(code, 100, 107)) return { background: (code - 100) as AnsiColor };
  return {};
}

/** `38;5;n` and `38;2;r;g;b`, brought down to the eight colours of the theme. */
function readExtendedColor(codes: readonly number[], index: number): { color: AnsiColor | null; lastIndex: number } {
  const number = (offset: number) => codes[index + offset] ?? 0;
  if (number(1) === 5) return { color: indexedColor(number(2)), lastIndex: index + 2 };
  if (number(1) === 2) return { color: nearestColor(number(2), number(3), number(4)), lastIndex: index + 4 };
  return { color: null, lastIndex: index + 1 };
}

/** A colour of the 256-colour palette: 16 named, a 6x6x6 cube, 24 greys. */
function indexedColor(index: number): AnsiColor {
  if (index < 16) return (index % 8) as AnsiColor;
  if (index >= 232) return index < 244 ? 0 : 7;
  const cube = index - 16;
  return nearestColor(Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51);
}

function nearestColor(red: number, green: number, blue: number): AnsiColor {
  const top = Math.max(red, green, blue);
  if (top - Math.min(red, green, blue) < 40) return top < 128 ? 0 : 7;
  const bit = (value: number) => (value > top * 0.55 ? 1 : 0);
  return (bit(red) | (bit(green) << 1) | (bit(blue) << 2)) as AnsiColor;
}
