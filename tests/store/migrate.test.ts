import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileUrl, openClient } from '../../lib/store/client';
import { migrate } from '../../lib/store/migrate';
import { MIGRATIONS_FOLDER } from '../support/test-database';

let folder: string;
let data: string;
let migrations: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-migrate-'));
  data = path.join(folder, 'data # with 100% odd name?');
  migrations = path.join(folder, 'migrations');
  await cp(MIGRATIONS_FOLDER, migrations, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function addMigration(name: string, sql: string) {
  await mkdir(path.join(migrations, name));
  await writeFile(path.join(migrations, name, 'migration.sql'), sql);
}

describe('the start-up migrator', () => {
  it('makes the database in a folder with an odd name, in WAL mode, and does nothing the second time', async () => {
    const first = await migrate(data, migrations);
    expect(first.applied).toEqual((await readdir(migrations)).filter((name) => /^\d/.test(name)).sort());
    expect(first.backupFile).toBeNull();
    expect(await migrate(data, migrations)).toEqual({ applied: [], backupFile: null });
    const client = await openClient(data);
    expect(await client.$queryRaw`PRAGMA journal_mode`).toEqual([{ journal_mode: 'wal' }]);
    expect(await client.job.count()).toBe(0);
    await client.$disconnect();
  });

  it('copies a database that holds something before it changes it', async () => {
    await migrate(data, migrations);
    const client = await openClient(data);
    await client.setting.create({ data: { key: 'kept', value: 'yes' } });
    await client.$disconnect();
    await addMigration('29991231000000_more', 'CREATE TABLE "More" ("id" TEXT PRIMARY KEY);');
    const report = await migrate(data, migrations);
    expect(report.applied).toEqual(['29991231000000_more']);
    expect(await readdir(path.join(data, 'backups'))).toEqual([path.basename(report.backupFile ?? '')]);
    const copy = path.join(folder, 'copy');
    await mkdir(copy);
    await cp(report.backupFile ?? '', path.join(copy, 'quantdeck.db'));
    const old = await openClient(copy);
    expect(await old.setting.findUnique({ where: { key: 'kept' } })).toMatchObject({ value: 'yes' });
    await old.$disconnect();
  });

  it('keeps the rows that refer to a table which a migration rebuilds', async () => {
    await migrate(data, migrations);
    const client = await openClient(data);
    await client.user.create({ data: { id: 'u', name: 'a', passwordHash: 'x' } });
    const now = new Date();
    await client.session.create({ data: { id: 's', userId: 'u', userAgent: '', lastSeenAt: now, expiresAt: now } });
    await client.$disconnect();
    const rebuild =
      'PRAGMA defer_foreign_keys=ON;\nPRAGMA foreign_keys=OFF;\nCREATE TABLE "new_User" ("id" TEXT NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "passwordHash" TEXT NOT NULL, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);\n' +
      'INSERT INTO "new_User" SELECT "id","name","passwordHash","createdAt" FROM "User";\nDROP TABLE "User";\nALTER TABLE "new_User" RENAME TO "User";\nPRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=OFF;';
    await addMigration('29991231000000_rebuild', rebuild);
    await migrate(data, migrations);
    const after = await openClient(data);
    expect(await after.session.count()).toBe(1);
    await after.$disconnect();
  });

  it('refuses every later start, and says where the copy is, after a migration that failed', async () => {
    await migrate(data, migrations);
    await addMigration('29991231000000_broken', 'CREATE TABLE "Half" ("id" TEXT); THIS IS NOT SQL;');
    await expect(migrate(data, migrations)).rejects.toThrow(/could not be updated \(29991231000000_broken\).*backups/);
    await expect(migrate(data, migrations)).rejects.toThrow(/middle of an update that failed earlier.*backups/);
  });

  it('refuses a database that a newer version has written', async () => {
    await addMigration('29991231000000_future', 'CREATE TABLE "Future" ("id" TEXT);');
    await migrate(data, migrations);
    await expect(migrate(data, MIGRATIONS_FOLDER)).rejects.toThrow('newer Quantdeck');
  });

  it('writes file URLs as libSQL reads them', () => {
    expect(fileUrl('/data/a b#c?d%e.db')).toBe('file:/data/a%20b%23c%3Fd%25e.db');
    expect(fileUrl('C:/Users/Ann/q.db')).toBe('file:C:/Users/Ann/q.db');
  });
});
