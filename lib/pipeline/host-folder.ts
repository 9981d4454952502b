import path from 'node:path/posix';
import type { ListedFile } from '../model/byte-range-reader';
import { concernsCheckpoint } from '../model/checkpoint-files';
import type { HostSession } from './host-port';

const MOST_SUBFOLDERS = 64;

/** The files of a folder on a host, by paths relative to it. Nothing of a checkpoint lies deeper than `1_Pooling/config.json`. */
export async function listHostFolder(session: HostSession, root: string): Promise<ListedFile[]> {
  const top = await session.listFolder(root);
  const isWanted = (folder: string) => Number(concernsCheckpoint(path.basename(folder)));
  const inside = await Promise.all(
    top
      .filter((entry) => entry.isFolder)
      .sort((a, b) => isWanted(b.path) - isWanted(a.path))
      .slice(0, MOST_SUBFOLDERS)
      .map((entry) => session.listFolder(entry.path)),
  );
  return [...top, ...inside.flat()]
    .filter((entry) => !entry.isFolder)
    .map((entry) => ({ path: path.relative(root, entry.path), sizeBytes: entry.sizeBytes }));
}
