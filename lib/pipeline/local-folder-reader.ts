import type { ByteRangeReader } from '../model/byte-range-reader';
import type { LocalFolder } from './ports';

/** The files of a folder on the dashboard's machine, by byte range. */
export async function localFolderReader(localFolder: LocalFolder, folder: string): Promise<ByteRangeReader> {
  const files = await localFolder.list(folder);
  const sizes = new Map(files.map((file) => [file.path, file.sizeBytes]));
  return {
    list: async () => files,
    sizeBytes: async (name) => sizes.get(name) ?? null,
    read: async (name, offset, length) => {
      const parts: Uint8Array[] = [];
      for await (const part of localFolder.read(folder, name, offset, length)) parts.push(part);
      return Buffer.concat(parts);
    },
  };
}
