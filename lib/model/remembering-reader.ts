import type { ByteRangeReader } from './byte-range-reader';

const MOST_KEPT_BYTES = 64 * 1024 * 1024;

export interface RememberingReader extends ByteRangeReader {
  /** Bytes that were really read, each range once. */
  readonly bytesRead: number;
}

/**
 * Reads every range once: a check that looks at the same header again, with evidence that was gathered meanwhile, asks
 * the hub for nothing. Ranges beyond 64 MiB in all are passed through and not kept.
 */
export function rememberingReader(reader: ByteRangeReader): RememberingReader {
  const ranges = new Map<string, Promise<Uint8Array>>();
  let listing: ReturnType<ByteRangeReader['list']> | null = null;
  let bytesRead = 0;
  let keptBytes = 0;
  const read = async (path: string, offset: number, length: number) => {
    const bytes = await reader.read(path, offset, length);
    bytesRead += bytes.length;
    return bytes;
  };
  return {
    get bytesRead() {
      return bytesRead;
    },
    sizeBytes: (path) => reader.sizeBytes(path),
    list: () => {
      listing ??= reader.list();
      return listing;
    },
    read: (path, offset, length) => {
      const key = `${offset} ${length} ${path}`;
      const known = ranges.get(key);
      if (known) return known;
      const reading = read(path, offset, length);
      if (keptBytes + length > MOST_KEPT_BYTES) return reading;
      keptBytes += length;
      ranges.set(key, reading);
      // What failed may be asked for again.
      reading.catch(() => ranges.delete(key));
      return reading;
    },
  };
}
