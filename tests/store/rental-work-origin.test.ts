import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { findRentalRecord } from '../../lib/store/rental-records';
import { runtime } from '../../lib/store/runtime';
import { MIGRATIONS_FOLDER, openTestDatabase, type TestDatabase } from '../support/test-database';
import { addRentedJob, addTestCheck } from '../support/test-rental';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureDefaultKey(() => ({ publicKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:own', privateKey: 'own' }));
});
afterAll(() => database.close());

it('rentals of an earlier version learn from their jobs over whose line the checkpoint came', async () => {
  const folder = await addTestCheck({}, { kind: 'folder', path: '/models/tiny', instanceId: null });
  const rentals = [await addRentedJob(), await addRentedJob({ checkId: folder })];
  const { client } = runtime();
  const origins = async () =>
    Promise.all(rentals.map(async ({ rentalId }) => (await findRentalRecord(rentalId))?.work.sourceFrom));
  expect(await origins()).toEqual(['hub', 'dashboard']);
  await client.$executeRaw`UPDATE "Rental" SET "work" = json_remove("work", '$.sourceFrom')`;
  expect(await origins()).toEqual([undefined, undefined]);
  const sql = await readFile(path.join(MIGRATIONS_FOLDER, '20261127023000_rental_work_origin/migration.sql'), 'utf8');
  await client.$executeRawUnsafe(sql);
  expect(await origins()).toEqual(['hub', 'dashboard']);
});
