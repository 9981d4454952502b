import path from 'node:path/posix';
import type { ByteRangeReader } from '../model/byte-range-reader';
import type { StepContext } from './step-context';

/** The files of a folder on the host as the model code reads them: headers only, by byte range. */
export function hostFolderReader(context: StepContext, folder: string, files: readonly string[]): ByteRangeReader {
  const withSession = context.host.withSession.bind(context.host);
  const sizeBytes = async (name: string) =>
    (await withSession((session) => session.stat(path.join(folder, name)), context.signal))?.sizeBytes ?? null;
  return {
    list: async () => Promise.all(files.map(async (name) => ({ path: name, sizeBytes: (await sizeBytes(name)) ?? 0 }))),
    sizeBytes,
    read: (name, offset, length) =>
      withSession((session) => session.readRange(path.join(folder, name), offset, length), context.signal),
  };
}
