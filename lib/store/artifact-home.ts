import { constants } from 'node:fs';
import {
  copyFile,
  type FileHandle,
  lstat,
  mkdir,
  mkdtemp,
  open,
  rename,
  rm,
  stat,
  statfs,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { type CopiedFile, type CopyWatch, copyInThread } from './copy-in-thread';
import { hashFile, NO_FOLLOW, openRegularFile, readFileRange } from './file-hash';

const FILE_NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,250}$/;

export interface ArtifactPart {
  write(chunk: Uint8Array, offset: number): Promise<void>;
  /** Flushes, gives the file its final name and flushes the folder: after this it survives a power cut. */
  complete(): Promise<void>;
  /** Closes the file; more than once is fine. */
  close(): Promise<void>;
}

export interface ArtifactHome {
  pathFor(jobId: string, fileName: string): Promise<string>;
  partLength(file: string): Promise<number>;
  readPart(file: string, lengthBytes: number): AsyncGenerator<Uint8Array>;
  openPart(file: string, offset: number): Promise<ArtifactPart>;
  copyFrom(
    source: string,
    file: string,
    range: { startBytes: number; totalBytes: number },
    watch: CopyWatch,
  ): Promise<CopiedFile>;
  freeBytes(): Promise<number>;
  /** True when a copy of a file in this folder of this machine takes room on the folder's own disk. */
  takesRoomOf(folder: string): Promise<boolean>;
  fileSha256(file: string, onProgress?: (bytes: number) => void): Promise<{ sha256: string; sizeBytes: number } | null>;
  remove(file: string): Promise<void>;
}

/**
 * Artifacts on the dashboard's own disk, as `<folder>/<job>/<file>`. A file under its final name is whole; what is still
 * arriving is called `.part`. Paths outside of the folder and names with odd characters are refused, whoever asks.
 */
export function createArtifactHome(folder: string): ArtifactHome {
  const root = path.resolve(folder);

  function checked(file: string): string {
    const relative = path.relative(root, path.resolve(file));
    const parts = relative.split(path.sep);
    if (parts.length !== 2 || !parts.every((part) => FILE_NAME_PATTERN.test(part)))
      throw new Error(`not a place for an artifact: ${file}`);
    return path.join(root, relative);
  }

  return {
    async pathFor(jobId, fileName) {
      const file = checked(path.join(root, jobId, fileName));
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      return file;
    },
    async partLength(file) {
      return partLength(`${checked(file)}.part`);
    },
    async *readPart(file, lengthBytes) {
      const handle = await openRegularFile(`${checked(file)}.part`);
      if (handle === null) return;
      try {
        yield* readFileRange(handle, 0, lengthBytes);
      } finally {
        await handle.close();
      }
    },
    async openPart(file, offset) {
      return openPart(checked(file), offset);
    },
    async copyFrom(source, file, range, watch) {
      return copyInThread({ source, target: `${checked(file)}.part`, ...range }, watch);
    },
    async freeBytes() {
      await mkdir(root, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
    takesRoomOf: (other) => takesRoomOf(root, other),
    async fileSha256(file, onProgress) {
      return hashFile(checked(file), onProgress);
    },
    async remove(file) {
      await rm(checked(file), { force: true });
    },
  };
}

/** Whether a copy from one folder to the other takes room that both have in common. */
async function takesRoomOf(root: string, other: string): Promise<boolean> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  return (await diskOf(root)) === (await diskOf(other)) && !(await sharesBlocks(root));
}

/** The disk of a folder, or of the one in which it will be made. */
async function diskOf(folder: string): Promise<number> {
  try {
    return (await stat(folder)).dev;
  } catch (error) {
    const parent = path.dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error;
    return diskOf(parent);
  }
}

/** Whether a copy within a folder takes no room, as on btrfs, XFS and APFS: only trying tells. */
async function sharesBlocks(folder: string): Promise<boolean> {
  const place = await mkdtemp(path.join(folder, '.share-'));
  try {
    const file = path.join(place, 'a');
    await writeFile(file, 'shared');
    await copyFile(file, path.join(place, 'b'), constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function partLength(part: string): Promise<number> {
  try {
    const found = await lstat(part);
    return found.isFile() ? found.size : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** Opens the `.part` for writing from `offset` on; what an earlier run wrote beyond it is cut off. */
async function openPart(file: string, offset: number): Promise<ArtifactPart> {
  const part = `${file}.part`;
  const handle = await open(part, constants.O_RDWR | constants.O_CREAT | NO_FOLLOW, 0o600);
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  try {
    const { size } = await handle.stat();
    if (size < offset) throw new Error(`${part} has ${size} bytes, it cannot go on at ${offset}`);
    await handle.truncate(offset);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    write: (chunk, at) => writeAll(handle, chunk, at),
    async complete() {
      await handle.sync();
      // Windows does not rename a file that is open.
      await close();
      await rename(part, file);
      await syncFolder(path.dirname(file));
    },
    close,
  };
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, offset: number): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, offset + written);
    written += bytesWritten;
  }
}

/** Without this a power cut may lose the rename. Windows has no such call for folders and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
