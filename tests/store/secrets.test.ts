import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openMasterKey } from '../../lib/store/master-key';
import { runtime } from '../../lib/store/runtime';
import { deleteSecret, putSecret, readSecret } from '../../lib/store/secret-store';
import { openTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('gives back what was stored and nothing after it was deleted', async () => {
  await putSecret('a', 'pässwörd');
  await putSecret('a', 'second');
  expect(await readSecret('a')).toBe('second');
  await deleteSecret('a');
  expect(await readSecret('a')).toBeNull();
});

it('writes no secret in clear to any file of the database', async () => {
  const secret = 'correct-horse-battery-staple';
  await putSecret('clear', secret);
  for (const name of ['quantdeck.db', 'quantdeck.db-wal']) {
    expect((await readFile(path.join(database.dataFolder, name))).includes(secret)).toBe(false);
  }
});

it('does not open a value that was moved to another row or changed', async () => {
  const { client } = runtime();
  await putSecret('mine', 'one');
  await putSecret('yours', 'two');
  const { owner: _, updatedAt: __, ...yours } = await client.secret.findUniqueOrThrow({ where: { owner: 'yours' } });
  await client.secret.update({ where: { owner: 'mine' }, data: yours });
  await expect(readSecret('mine')).rejects.toThrow('does not open');
  const changed = Uint8Array.from(yours.ciphertext);
  changed[0] = (changed[0] ?? 0) ^ 1;
  await client.secret.update({ where: { owner: 'yours' }, data: { ciphertext: changed } });
  await expect(readSecret('yours')).rejects.toThrow('does not open');
});

it('keeps the master key for its owner only and refuses to start without it or with another one', async () => {
  const { client, masterKey } = runtime();
  const file = path.join(database.dataFolder, 'master.key');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await openMasterKey(database.dataFolder, client)).toEqual(masterKey);
  await putSecret('held', 'x');
  await writeFile(file, 'ab'.repeat(32));
  await expect(openMasterKey(database.dataFolder, client)).rejects.toThrow('is not the key');
  await rm(file);
  await expect(openMasterKey(database.dataFolder, client)).rejects.toThrow('is missing');
});
