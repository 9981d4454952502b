import type { ByteRangeReader } from '../../lib/model/byte-range-reader';

export type MemoryFiles = Readonly<Record<string, string | Uint8Array>>;

/** Files in memory behind the byte-range port; counts what was read. */
export function memoryReader(files: MemoryFiles): ByteRangeReader & { bytesRead(): number } {
  const content = new Map(Object.entries(files).map(([path, data]) => [path, Buffer.from(data)]));
  let bytesRead = 0;
  return {
    list: async () => [...content].map(([path, data]) => ({ path, sizeBytes: data.length })),
    sizeBytes: async (path) => content.get(path)?.length ?? null,
    read: async (path, offset, length) => {
      const data = content.get(path);
      if (!data) throw new Error(`no file ${path}`);
      const part = data.subarray(offset, offset + length);
      bytesRead += part.length;
      return new Uint8Array(part);
    },
    bytesRead: () => bytesRead,
  };
}
