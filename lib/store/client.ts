import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { PrismaLibSql } from '@prisma/adapter-libsql';
import { databaseFile } from './data-layout';
import { PrismaClient } from './generated/client';
import { OneConnectionLibSql } from './one-connection';

/** How long a statement waits for a lock of another process before it fails. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens the database of a data folder, making the folder (readable by its owner only) when it is not there. Call it once
 * a process, after `migrate`.
 */
export async function openClient(dataFolder: string): Promise<PrismaClient> {
  const client = new PrismaClient({ adapter: await openAdapterFactory(dataFolder) });
  await client.$connect();
  return client;
}

/** The raw adapter, for the start-up migrator. SQLite answers "error 14" when the folder is missing, so it is made here. */
export async function openAdapterFactory(dataFolder: string): Promise<PrismaLibSql> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  return new OneConnectionLibSql({ url: fileUrl(databaseFile(dataFolder)), timeout: BUSY_TIMEOUT_MS });
}

/**
 * libSQL's own kind of file URL: `file:/a/b` or `file:C:/a/b` (with three slashes it would look for `/C:/a/b`), each
 * segment percent-encoded because libSQL decodes it and refuses `#` and `?`.
 */
export function fileUrl(file: string): string {
  const segments = file.split(path.sep === '\\' ? /[\\/]/ : '/');
  const encoded = segments.map((segment, index) =>
    index === 0 && /^[A-Za-z]:$/.test(segment) ? segment : encodeURIComponent(segment),
  );
  return `file:${encoded.join('/')}`;
}
