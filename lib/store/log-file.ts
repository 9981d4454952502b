import { type FileHandle, open } from 'node:fs/promises';
import { stepLogFile } from './data-layout';
import { runtime } from './runtime';

/** The log's file, opened for reading. The file proves that the step exists; without one the database is asked. */
export async function openLog(jobId: string, stepId: string): Promise<FileHandle | 'empty' | 'no-step'> {
  const { client, dataFolder } = runtime();
  try {
    return await open(stepLogFile(dataFolder, jobId, stepId), 'r');
  } catch (error) {
    // Ids come from the browser: one that could not be ours is a step that does not exist.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && !(error as Error).message.startsWith('not an id'))
      throw error;
  }
  const step = await client.step.findFirst({ where: { id: stepId, jobId }, select: { id: true } });
  return step ? 'empty' : 'no-step';
}

/** Up to `length` bytes at `position`; fewer only at the end of the file. */
export async function readBlock(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const block = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(block, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return block.subarray(0, filled);
}
