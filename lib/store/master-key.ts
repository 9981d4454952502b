import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrismaClient } from './generated/client';
import { keyIdOf } from './secret-box';

const KEY_BYTES = 32;

/**
 * The key that encrypts stored secrets, from `master.key` in the data folder; made at the first start, readable by its
 * owner only. Refuses, in plain words, when the key is missing or another one while secrets are stored: a new key would
 * look fine until the first connection.
 */
export async function openMasterKey(dataFolder: string, client: PrismaClient): Promise<Buffer> {
  const file = path.join(dataFolder, 'master.key');
  const sealed = await client.secret.findFirst({ select: { keyId: true } });
  const key = await readKey(file);
  if (key === null && sealed === null) return createKey(file);
  if (key === null) {
    throw new Error(
      `The file ${file} is missing, but the database holds secrets that only it can open. Put it back from your backup. Without it: delete the saved passwords, keys and tokens by starting with an empty data folder.`,
    );
  }
  if (sealed !== null && sealed.keyId !== keyIdOf(key)) {
    throw new Error(
      `The file ${file} is not the key that the stored secrets were encrypted with. Put back the one that belongs to this database.`,
    );
  }
  return key;
}

async function readKey(file: string): Promise<Buffer | null> {
  try {
    const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'hex');
    if (key.length !== KEY_BYTES)
      throw new Error(`The file ${file} is damaged: it must hold 64 hexadecimal digits. Put it back from your backup.`);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function createKey(file: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${key.toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return key;
}
