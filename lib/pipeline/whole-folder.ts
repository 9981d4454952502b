import path from 'node:path/posix';
import type { ListedFile } from '../model/byte-range-reader';
import type { StepContext } from './step-context';

/** True when a checkpoint lies whole in a folder on the host: its stamp, written last, and each file in its size. */
export function isWholeFolder(
  { host, signal }: StepContext,
  folder: string,
  stamp: string,
  files: readonly ListedFile[],
): Promise<boolean> {
  return host.withSession(async (session) => {
    if (!(await session.stat(path.join(folder, stamp)))) return false;
    const present = await Promise.all(files.map((file) => session.stat(path.join(folder, file.path))));
    return files.every((file, index) => present[index]?.sizeBytes === file.sizeBytes);
  }, signal);
}
