interface Parsed {
  readonly offset: number;
  readonly length: number;
  readonly value: unknown;
}

/** Smaller files are parsed faster than they are looked up, and small reads may share one buffer. */
const LEAST_BYTES = 64 * 1024;
/** By the memory that the bytes lie in, and gone with it. */
const parsed = new WeakMap<ArrayBufferLike, Parsed>();

/**
 * Parses bytes once however often they are looked at: a check reads the same tokenizer.json, seconds of work for the largest,
 * as it is, with evidence, and as a repair leaves it. Whoever gets the value must not change it. An error is not kept.
 * @param bytes nobody writes to them any more, as a `ByteRangeReader` promises.
 */
export function rememberParsed<T>(bytes: Uint8Array, parse: () => T): T {
  if (bytes.length < LEAST_BYTES) return parse();
  const before = parsed.get(bytes.buffer);
  if (before?.offset === bytes.byteOffset && before.length === bytes.length) return before.value as T;
  const value = parse();
  parsed.set(bytes.buffer, { offset: bytes.byteOffset, length: bytes.length, value });
  return value;
}
