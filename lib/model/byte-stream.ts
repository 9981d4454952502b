import type { ByteRangeReader } from './byte-range-reader';

/** Thrown when a file ends before what was asked of it. */
export class EndOfFileError extends Error {
  constructor(wanted: number, sizeBytes: number) {
    super(`the file ends at byte ${sizeBytes}, but its header goes on to byte ${wanted}`);
    this.name = 'EndOfFileError';
  }
}

const CHUNK_BYTES = 1024 * 1024;

/** Walks forward through a file by little-endian values, fetching it a chunk at a time. */
export class ByteStream {
  readonly #reader: ByteRangeReader;
  readonly #path: string;
  readonly sizeBytes: number;
  #chunk: Uint8Array = new Uint8Array();
  #view: DataView = new DataView(new ArrayBuffer(0));
  #chunkStart = 0;
  #at = 0;

  constructor(reader: ByteRangeReader, path: string, sizeBytes: number) {
    this.#reader = reader;
    this.#path = path;
    this.sizeBytes = sizeBytes;
  }

  /** Bytes consumed so far. */
  get position(): number {
    return this.#chunkStart + this.#at;
  }

  /** Whether the next `length` bytes are in memory, so that they can be taken without waiting. */
  has(length: number): boolean {
    return this.#at + length <= this.#chunk.length;
  }

  /** Brings the next `length` bytes into memory. @throws EndOfFileError */
  async need(length: number): Promise<void> {
    if (this.has(length)) return;
    const start = this.position;
    if (start + length > this.sizeBytes) throw new EndOfFileError(start + length, this.sizeBytes);
    const wanted = Math.min(Math.max(length, CHUNK_BYTES), this.sizeBytes - start);
    const chunk = await this.#reader.read(this.#path, start, wanted);
    if (chunk.length < length) throw new EndOfFileError(start + length, start + chunk.length);
    this.#chunk = chunk;
    this.#view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#chunkStart = start;
    this.#at = 0;
  }

  /** Passes over bytes, fetched or not. @throws EndOfFileError */
  skip(length: number): void {
    if (this.position + length > this.sizeBytes) throw new EndOfFileError(this.position + length, this.sizeBytes);
    this.#at += length;
    if (this.#at <= this.#chunk.length) return;
    this.#chunkStart += this.#at;
    this.#chunk = new Uint8Array();
    this.#at = 0;
  }

  // The methods below take bytes that `need` brought in.

  takeBytes(length: number): Uint8Array {
    const bytes = this.#chunk.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  takeUint32(): number {
    const value = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    return value;
  }

  takeUint64(): bigint {
    const value = this.#view.getBigUint64(this.#at, true);
    this.#at += 8;
    return value;
  }

  /** For the typed values of GGUF metadata. */
  takeView(length: number): DataView {
    const view = new DataView(this.#chunk.buffer, this.#chunk.byteOffset + this.#at, length);
    this.#at += length;
    return view;
  }
}
