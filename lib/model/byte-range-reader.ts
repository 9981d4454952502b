export interface ListedFile {
  /** Relative to the checkpoint's folder, with `/` between parts. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** Where the bytes of a checkpoint or a GGUF come from. Adapters give one for a hub, a host and a local folder. */
export interface ByteRangeReader {
  /** Null when there is no such file. */
  sizeBytes(path: string): Promise<number | null>;
  /** Up to `length` bytes from `offset` on; fewer only at the end of the file. Nobody writes to them afterwards. */
  read(path: string, offset: number, length: number): Promise<Uint8Array>;
  list(): Promise<readonly ListedFile[]>;
}
