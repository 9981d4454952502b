/** What the converter needs of a SentencePiece model: how many pieces there are, or were found in a part of it. */
export interface SentencePieceModel {
  readonly pieces: number;
}

const MAX_PIECES = 4_000_000;

/**
 * Reads the outermost fields of a SentencePiece model (`message ModelProto`, whose field 1 is repeated: a piece). Null
 * when the bytes are no such message: Meta's Llama 3 has a `tokenizer.model` that is a list of tokens in base64.
 * @param isPart when more bytes follow, so that the last field may be cut
 */
export function readSentencePieceModel(bytes: Uint8Array, isPart = false): SentencePieceModel | null {
  let at = 0;
  let pieces = 0;
  while (at < bytes.length) {
    const field = readField(bytes, at);
    if (field === 'cut' && isPart) break;
    if (field === null || field === 'cut') return null;
    if (field.number === 1) pieces += 1;
    if (pieces > MAX_PIECES) return null;
    at = field.end;
  }
  return pieces === 0 ? null : { pieces };
}

/** Every field of the message holds bytes (wire type 2): pieces, the trainer's, normalizers' and test data. */
function readField(bytes: Uint8Array, start: number): { number: number; end: number } | 'cut' | null {
  const tag = readVarint(bytes, start);
  if (tag === null) return 'cut';
  const number = Math.floor(tag.value / 8);
  if (tag.value % 8 !== 2 || number < 1) return null;
  const length = readVarint(bytes, tag.next);
  if (length === null || length.value > bytes.length - length.next) return 'cut';
  return { number, end: length.next + length.value };
}

/** A number of up to 32 bits, seven bits a byte, the lowest first. */
function readVarint(bytes: Uint8Array, start: number): { value: number; next: number } | null {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: start + index + 1 };
  }
  return null;
}
