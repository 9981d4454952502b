import path from 'node:path/posix';
import type { ByteRangeReader } from '../model/byte-range-reader';
import type { HostSession } from './host-port';
import type { StepContext } from './step-context';

type WithSession = <T>(work: (session: HostSession) => Promise<T>) => Promise<T>;

/** The files of a folder on a job's host as the model code reads them: headers only, by byte range. */
export function hostFolderReader(context: StepContext, folder: string, files: readonly string[]): ByteRangeReader {
  return sessionFolderReader((work) => context.host.withSession(work, context.signal), folder, files);
}

/** The same over any way to a session. */
export function sessionFolderReader(
  withSession: WithSession,
  folder: string,
  files: readonly string[],
): ByteRangeReader {
  const sizeBytes = async (name: string) =>
    (await withSession((session) => session.stat(path.join(folder, name))))?.sizeBytes ?? null;
  return {
    list: async () => Promise.all(files.map(async (name) => ({ path: name, sizeBytes: (await sizeBytes(name)) ?? 0 }))),
    sizeBytes,
    read: (name, offset, length) =>
      withSession((session) => session.readRange(path.join(folder, name), offset, length)),
  };
}
