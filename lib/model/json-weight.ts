/** Nothing in a checkpoint nests deeper; Gemma's tokenizer, the heaviest in use, has about two million values. */
const MAX_DEPTH = 100;
const MAX_VALUES = 5_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Whether JSON text may be parsed as a whole: 40 million opening brackets are 40 MB of text, but gigabytes of objects.
 * One pass over the bytes that keeps nothing; it judges size only, not whether the text is JSON.
 */
export function isParsableJson(bytes: Uint8Array): boolean {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === COMMA || byte === COLON) values += 1;
    // `[` and `{`, then `]` and `}`.
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      values += 1;
      if (depth > MAX_DEPTH) return false;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    if (values > MAX_VALUES) return false;
  }
  return true;
}

/** Where the string that begins at `start` ends; the end of the text when it does not. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}
