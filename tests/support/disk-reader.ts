import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ByteRangeReader } from '../../lib/model/byte-range-reader';

/** A folder on disk behind the byte-range port. */
export function diskReader(folder: string): ByteRangeReader {
  const sizeBytes = (name: string) =>
    stat(path.join(folder, name)).then(
      (found) => found.size,
      () => null,
    );
  return {
    sizeBytes,
    list: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile() || entry.isSymbolicLink())
        .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
      return Promise.all(
        files.map(async (name) => ({ path: name.split(path.sep).join('/'), sizeBytes: (await sizeBytes(name)) ?? 0 })),
      );
    },
    read: async (name, offset, length) => {
      const file = await open(path.join(folder, name));
      try {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await file.read(bytes, 0, length, offset);
        return bytes.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
  };
}
