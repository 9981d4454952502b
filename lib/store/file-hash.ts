import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const BLOCK_BYTES = 1024 * 1024;
/** Not on Windows, where links need a privilege anyway. */
export const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** Bytes of an open file from `offset` on, at most `length` of them, in blocks of 1 MiB that are the reader's to keep. */
export async function* readFileRange(handle: FileHandle, offset: number, length: number): AsyncGenerator<Uint8Array> {
  for (let position = offset; position < offset + length; ) {
    const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, offset + length - position));
    const { bytesRead } = await handle.read(block, 0, block.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield block.subarray(0, bytesRead);
  }
}

/** sha256 of a regular file, null when there is none. A link in its place is refused. */
export async function hashFile(
  file: string,
  onProgress: (bytes: number) => void = () => undefined,
): Promise<{ sha256: string; sizeBytes: number } | null> {
  const handle = await openRegularFile(file);
  if (handle === null) return null;
  try {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const block of readFileRange(handle, 0, Number.MAX_SAFE_INTEGER)) {
      hash.update(block);
      sizeBytes += block.length;
      onProgress(sizeBytes);
    }
    return { sha256: hash.digest('hex'), sizeBytes };
  } finally {
    await handle.close();
  }
}

/** Opens a file for reading without following a link; null when there is none, an error when it is a folder or device. */
export async function openRegularFile(file: string): Promise<FileHandle | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | NO_FOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error(`${file} is not a regular file`);
}
