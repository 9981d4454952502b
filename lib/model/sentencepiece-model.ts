/** What the converter needs of a SentencePiece model: how many pieces it has. */
export interface SentencePieceModel {
  readonly pieces: number;
}

const MAX_PIECES = 4_000_000;

/**
 * Reads the outermost fields of a SentencePiece model (`message ModelProto`, whose field 1 is repeated: a piece). Null
 * when the bytes are no such message: Meta's Llama 3 has a `tokenizer.model` that is a list of tokens in base64.
 */
export function readSentencePieceModel(bytes: Uint8Array): SentencePieceModel | null {
  let at = 0;
  let pieces = 0;
  while (at < bytes.length) {
    const field = readField(bytes, at);
    if (field === null) return null;
    if (field.number === 1) pieces += 1;
    if (pieces > MAX_PIECES) return null;
    at = field.end;
  }
  return pieces === 0 ? null : { pieces };
}

/** Whether bytes begin as such a message does: with a whole piece. */
export function beginsAsSentencePiece(bytes: Uint8Array): boolean {
  return readField(bytes, 0)?.number === 1;
}

/**
 * The same from a file's last bytes: behind the pieces lies what the trainer was told, their number included. Null when
 * the bytes are not the end of such a message: it was cut off, or what lies behind the pieces is longer than they are.
 */
export function readSentencePieceEnd(bytes: Uint8Array): SentencePieceModel | null {
  // Whether whole fields lead from here to the very end; read backwards, so that each place is looked at once.
  const leads = new Uint8Array(bytes.length + 1);
  leads[bytes.length] = 1;
  let pieces: number | null = null;
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    const field = readField(bytes, at);
    if (field === null || field.number > LAST_FIELD || leads[field.end] !== 1) continue;
    leads[at] = 1;
    if (field.number === TRAINER)
      pieces = readNumber(bytes.subarray(field.start, field.end), VOCABULARY_SIZE) ?? pieces;
  }
  return pieces === null || pieces > MAX_PIECES ? null : { pieces };
}

/** Fields of the message: 1 a piece, 2 the trainer's settings, 3 and 5 the normalizers', 4 test data. */
const TRAINER = 2;
const LAST_FIELD = 5;
/** Field of the trainer's settings. */
const VOCABULARY_SIZE = 4;

/** A whole number of a message that may hold fields of every kind; null when it is not there. */
function readNumber(bytes: Uint8Array, wanted: number): number | null {
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (tag === null) return null;
    const value = readVarint(bytes, tag.next);
    if (tag.value === wanted * 8) return value?.value ?? null;
    const next = endOfField(tag, value);
    if (next === null) return null;
    at = next;
  }
  return null;
}

/** Where the field ends that has this tag, and this number behind it: fixed widths, a number, or so many bytes. */
function endOfField(tag: Varint, value: Varint | null): number | null {
  const kind = tag.value % 8;
  if (kind === 1 || kind === 5) return tag.next + (kind === 1 ? 8 : 4);
  if (value === null || (kind !== 0 && kind !== 2)) return null;
  return kind === 0 ? value.next : value.next + value.value;
}

/**
 * Every field of the message holds bytes (wire type 2): pieces, the trainer's, normalizers' and test data. Null for one of
 * another kind, or one that is cut off.
 */
function readField(bytes: Uint8Array, start: number): { number: number; start: number; end: number } | null {
  const tag = readVarint(bytes, start);
  if (tag === null) return null;
  const number = Math.floor(tag.value / 8);
  if (tag.value % 8 !== 2 || number < 1) return null;
  const length = readVarint(bytes, tag.next);
  if (length === null || length.value > bytes.length - length.next) return null;
  return { number, start: length.next, end: length.next + length.value };
}

interface Varint {
  readonly value: number;
  readonly next: number;
}

/** A number of up to 32 bits, seven bits a byte, the lowest first. */
function readVarint(bytes: Uint8Array, start: number): Varint | null {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: start + index + 1 };
  }
  return null;
}
