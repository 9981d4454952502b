import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient, type Transaction } from '@libsql/client';
import { FailureError } from '../domain/failure';
import { fileUrl } from './client';

export interface ProcessLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only one that uses the data folder, until it releases the lock or ends in any way. The lock is
 * an open SQLite transaction on a file of its own: the system drops it with the process, on Windows too and after a power
 * cut, so no stale lock has to be told from a live one. Beside it lies a note of who holds it, for the message.
 */
export async function acquireProcessLock(dataFolder: string): Promise<ProcessLock> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const client = createClient({ url: fileUrl(path.join(dataFolder, 'process.lock')) });
  const holderFile = path.join(dataFolder, 'process.json');
  let transaction: Transaction;
  try {
    transaction = await client.transaction('write');
  } catch (error) {
    client.close();
    throw await refusal(dataFolder, holderFile, error);
  }
  await writeFile(holderFile, JSON.stringify({ pid: process.pid, startedAt: new Date().toISOString() }), {
    mode: 0o600,
  });
  return {
    async release() {
      await rm(holderFile, { force: true });
      await transaction.rollback();
      transaction.close();
      client.close();
    },
  };
}

async function refusal(dataFolder: string, holderFile: string, cause: unknown): Promise<Error> {
  const isBusy = cause instanceof Error && 'code' in cause && String(cause.code).startsWith('SQLITE_BUSY');
  if (!isBusy) {
    return new FailureError('internal', `The data folder ${dataFolder} cannot be locked: ${String(cause)}`, { cause });
  }
  const holder = await readHolder(holderFile);
  const who = holder ? ` (process ${holder.pid}, since ${holder.startedAt})` : '';
  return new FailureError('conflict', `Quantdeck is running already with the data folder ${dataFolder}${who}.`, {
    remedy: 'Stop that one first, or set QUANTDECK_DATA_DIR to another folder.',
    cause,
  });
}

async function readHolder(file: string): Promise<{ pid: number; startedAt: string } | null> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as { pid?: unknown; startedAt?: unknown };
    return typeof value.pid === 'number' && typeof value.startedAt === 'string'
      ? { pid: value.pid, startedAt: value.startedAt }
      : null;
  } catch {
    // Only a courtesy: without the note the refusal is still right.
    return null;
  }
}
