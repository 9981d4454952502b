import type { ByteRangeReader } from './byte-range-reader';

const MOST_KEPT_BYTES = 64 * 1024 * 1024;

export interface RememberingReader extends ByteRangeReader {
  /** Bytes that were really read, each range once. */
  readonly bytesRead: number;
}

interface KeptRange {
  readonly offset: number;
  readonly length: number;
  readonly bytes: Promise<Uint8Array>;
}

/**
 * Reads every range once: a check that looks at the same header again, with evidence that was gathered meanwhile, asks
 * the hub for nothing, nor does one that asks for a part of what is on its way. Ranges beyond 64 MiB in all are passed
 * through and not kept.
 */
export function rememberingReader(reader: ByteRangeReader): RememberingReader {
  const kept = new Map<string, KeptRange[]>();
  let listing: ReturnType<ByteRangeReader['list']> | null = null;
  let bytesRead = 0;
  let keptBytes = 0;
  const read = async (path: string, offset: number, length: number) => {
    const bytes = await reader.read(path, offset, length);
    bytesRead += bytes.length;
    return bytes;
  };
  const keep = (path: string, range: KeptRange) => {
    keptBytes += range.length;
    const ranges = kept.get(path) ?? [];
    kept.set(path, [...ranges, range]);
    // What failed may be asked for again.
    range.bytes.catch(() => {
      keptBytes -= range.length;
      kept.set(
        path,
        (kept.get(path) ?? []).filter((each) => each !== range),
      );
    });
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
    read: async (path, offset, length) => {
      const end = offset + length;
      const known = kept.get(path)?.find((each) => each.offset <= offset && end <= each.offset + each.length);
      if (known) return (await known.bytes).subarray(offset - known.offset, end - known.offset);
      const bytes = read(path, offset, length);
      if (keptBytes + length <= MOST_KEPT_BYTES) keep(path, { offset, length, bytes });
      return bytes;
    },
  };
}
