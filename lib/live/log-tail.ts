/** The newest bytes of a growing log, at most `maxBytes` of them, addressed by their offset in the whole log. */
export class LogTail {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #startOffset = 0;
  #endOffset = 0;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Offset of the oldest byte held. */
  get startOffset(): number {
    return this.#startOffset;
  }

  /** Offset after the newest byte held. */
  get endOffset(): number {
    return this.#endOffset;
  }

  /** Length of the whole log, as last told. */
  get length(): number {
    return Math.max(this.#length, this.#endOffset);
  }

  /** Adds bytes at `offset`. Bytes held already are skipped; after a gap what was held is dropped. */
  append(offset: number, bytes: Uint8Array, length: number): void {
    this.#length = Math.max(this.#length, length);
    const fresh = offset < this.#endOffset ? bytes.subarray(this.#endOffset - offset) : bytes;
    if (fresh.byteLength === 0) return;
    const freshOffset = offset + bytes.byteLength - fresh.byteLength;
    if (freshOffset !== this.#endOffset || this.#chunks.length === 0) {
      this.#chunks = [];
      this.#startOffset = freshOffset;
    }
    this.#chunks.push(this.#detach(fresh.subarray(-this.#maxBytes)));
    this.#endOffset = freshOffset + fresh.byteLength;
    this.#trim();
  }

  /** The bytes from `offset` (not before `startOffset`) to the end. */
  from(offset: number): Uint8Array {
    const whole = this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks);
    this.#chunks = this.#chunks.length === 0 ? [] : [whole];
    return whole.subarray(Math.max(0, offset - this.#startOffset));
  }

  #trim(): void {
    let held = this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    while (held > this.#maxBytes) {
      const oldest = this.#chunks[0] as Uint8Array;
      const excess = held - this.#maxBytes;
      if (oldest.byteLength <= excess) this.#chunks.shift();
      else this.#chunks[0] = oldest.subarray(excess);
      held -= Math.min(oldest.byteLength, excess);
    }
    this.#startOffset = this.#endOffset - held;
  }

  /** A small view would keep the whole of a large buffer in memory. */
  #detach(bytes: Uint8Array): Uint8Array {
    return bytes.buffer.byteLength > 4 * this.#maxBytes ? Uint8Array.from(bytes) : bytes;
  }
}
