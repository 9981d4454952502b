import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { stepLogFile } from './data-layout';
import { readBlock } from './log-file';
import { runtime } from './runtime';

/** A step's log is a file that only grows; its length is the offset, so the two cannot disagree after a crash. */
export interface StepLogs {
  /** Bytes written so far, 0 before the first. */
  length(jobId: string, stepId: string): Promise<number>;
  /** Adds bytes and answers with the length after them. One writer a log. */
  append(jobId: string, stepId: string, bytes: Uint8Array): Promise<number>;
  /** At most the last `maxBytes` of what follows byte `from`, as text. */
  tail(jobId: string, stepId: string, from: number, maxBytes: number): Promise<string>;
}

/**
 * How long a log stays open after its last bytes. A tool prints hundreds of lines one by one; opening, asking for the
 * length and closing for each cost the server three times as much as the write.
 */
const OPEN_MS = 1000;

interface OpenLog {
  readonly handle: FileHandle;
  lengthBytes: number;
  /** Set while nobody writes. */
  closing: NodeJS.Timeout | undefined;
}

/** For the server's worker alone, because this module keeps them. */
const openLogs = new Map<string, OpenLog>();

/** The logs of the runtime's data folder. The functions need no `this`. */
export const stepLogs: StepLogs = {
  length: async (jobId, stepId) => lengthOf(fileOf(jobId, stepId)),
  append: async (jobId, stepId, bytes) => appendBytes(fileOf(jobId, stepId), bytes),
  tail: async (jobId, stepId, from, maxBytes) => readTail(fileOf(jobId, stepId), from, maxBytes),
};

function fileOf(jobId: string, stepId: string): string {
  return stepLogFile(runtime().dataFolder, jobId, stepId);
}

async function lengthOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

async function appendBytes(file: string, bytes: Uint8Array): Promise<number> {
  const log = openLogs.get(file) ?? (await openLog(file));
  clearTimeout(log.closing);
  try {
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await log.handle.write(bytes, written);
      written += bytesWritten;
      log.lengthBytes += bytesWritten;
    }
  } catch (error) {
    await closeLog(file, log);
    throw error;
  }
  log.closing = setTimeout(() => void closeLog(file, log).catch(() => undefined), OPEN_MS);
  log.closing.unref();
  return log.lengthBytes;
}

async function openLog(file: string): Promise<OpenLog> {
  const handle = await openForAppend(file);
  const log: OpenLog = { handle, lengthBytes: (await handle.stat()).size, closing: undefined };
  openLogs.set(file, log);
  return log;
}

async function closeLog(file: string, log: OpenLog): Promise<void> {
  openLogs.delete(file);
  await log.handle.close();
}

async function openForAppend(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'a', 0o600);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    return open(file, 'a', 0o600);
  }
}

async function readTail(file: string, from: number, maxBytes: number): Promise<string> {
  const length = await lengthOf(file);
  const start = Math.max(from, length - maxBytes, 0);
  if (start >= length) return '';
  const handle = await open(file, 'r');
  try {
    return (await readBlock(handle, start, length - start)).toString('utf8');
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
