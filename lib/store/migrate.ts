import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { openAdapterFactory } from './client';
import { databaseFile } from './data-layout';

/** The table of Prisma's own migration engine, so that its tools agree with what this file did. */
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
);`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export interface MigrationReport {
  readonly applied: readonly string[];
  /** Copy of the database from before, null when it was empty or nothing was to be done. */
  readonly backupFile: string | null;
}

/**
 * Brings the database of a data folder to the newest schema. Refuses to start, in plain words, when an earlier migration
 * failed half way or when the database was written by a newer Quantdeck.
 *
 * @param migrationsFolder absolute path of `prisma/migrations`.
 */
export async function migrate(dataFolder: string, migrationsFolder: string): Promise<MigrationReport> {
  const connection = await (await openAdapterFactory(dataFolder)).connect();
  try {
    // Kept in the file, so once is enough: readers then never wait for the writer.
    await query(connection, 'PRAGMA journal_mode=WAL');
    await connection.executeScript(BOOKKEEPING);
    const done = await readDone(connection, databaseFile(dataFolder));
    const all = await readMigrations(migrationsFolder);
    refuseUnknown(done, all, databaseFile(dataFolder));
    const pending = all.filter(({ name }) => !done.has(name));
    const backupFile = pending.length > 0 && done.size > 0 ? await backUp(connection, dataFolder) : null;
    for (const migration of pending) await apply(connection, migration, backupFile);
    return { applied: pending.map(({ name }) => name), backupFile };
  } finally {
    await connection.dispose();
  }
}

async function readDone(connection: SqlDriverAdapter, file: string): Promise<Set<string>> {
  const rows = await query(
    connection,
    'SELECT migration_name, finished_at, logs FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
  );
  const failed = rows.find((row) => row[1] === null);
  if (failed) {
    throw new Error(
      `The database ${file} is in the middle of an update that failed earlier (${failed[0]}): ${failed[2] ?? 'it was interrupted'}. ` +
        `Put back the newest copy in ${path.join(path.dirname(file), 'backups')} (stop Quantdeck, delete ${path.basename(file)}, ${path.basename(file)}-wal and ${path.basename(file)}-shm, copy the backup there) and start again.`,
    );
  }
  return new Set(rows.map((row) => String(row[0])));
}

function refuseUnknown(done: ReadonlySet<string>, all: readonly Migration[], file: string): void {
  const known = new Set(all.map(({ name }) => name));
  const unknown = [...done].find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new Error(
    `The database ${file} was written by a newer Quantdeck (it knows ${unknown}). Start that version, or use another data folder.`,
  );
}

/** Line ends are made equal first: a checkout on Windows must not look like an edited migration. */
async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = names.sort().map((name) => ({ name, file: path.join(folder, name, 'migration.sql') }));
  const present = files.filter(({ file }) => existsSync(file));
  return Promise.all(
    present.map(async ({ name, file }) => {
      const sql = (await readFile(file, 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** `VACUUM INTO` copies a consistent state including what is still in the write-ahead log. */
async function backUp(connection: SqlDriverAdapter, dataFolder: string): Promise<string> {
  const folder = path.join(dataFolder, 'backups');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `before-update-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.db`);
  await execute(connection, 'VACUUM INTO ?', [file]);
  return file;
}

/**
 * Never inside a transaction: there `PRAGMA foreign_keys=OFF` is ignored, and a migration that rebuilds a table would
 * delete every row that refers to it. That is what the backup is for.
 */
async function apply(connection: SqlDriverAdapter, migration: Migration, backupFile: string | null): Promise<void> {
  const id = randomUUID();
  await execute(
    connection,
    'INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, applied_steps_count) VALUES (?,?,?,?,0)',
    [id, migration.checksum, migration.name, timestamp()],
  );
  try {
    await connection.executeScript(migration.sql);
  } catch (error) {
    await execute(connection, 'UPDATE "_prisma_migrations" SET logs=? WHERE id=?', [String(error), id]);
    const copy = backupFile ? ` A copy from before is in ${backupFile}.` : '';
    throw new Error(`The database could not be updated (${migration.name}).${copy}`, { cause: error });
  }
  await execute(connection, 'UPDATE "_prisma_migrations" SET finished_at=?, applied_steps_count=1 WHERE id=?', [
    timestamp(),
    id,
  ]);
}

function timestamp(): string {
  return new Date().toISOString().replace('Z', '+00:00');
}

function textArguments(args: readonly string[]) {
  return { args: [...args], argTypes: args.map(() => ({ scalarType: 'string' as const, arity: 'scalar' as const })) };
}

async function query(connection: SqlDriverAdapter, sql: string): Promise<unknown[][]> {
  return (await connection.queryRaw({ sql, ...textArguments([]) })).rows;
}

async function execute(connection: SqlDriverAdapter, sql: string, args: readonly string[]): Promise<void> {
  await connection.executeRaw({ sql, ...textArguments(args) });
}
