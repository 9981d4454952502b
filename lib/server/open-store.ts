import { userInfo } from 'node:os';
import path from 'node:path';
import { armSetup } from '../commands/arm-setup';
import { seedAccount } from '../commands/seed-account';
import { THIS_MACHINE_ID, THIS_MACHINE_NAME } from '../hosts/this-machine';
import { createKeyPair, readPrivateKey } from '../ssh/keys';
import { openClient } from '../store/client';
import { ensureThisMachine } from '../store/instance-store';
import { ensureDefaultKey } from '../store/key-store';
import { openMasterKey } from '../store/master-key';
import { migrate } from '../store/migrate';
import { acquireProcessLock } from '../store/process-lock';
import { clearRuntime, setRuntime } from '../store/runtime';
import { flushSamples } from '../store/sample-store';
import type { ServerEnv } from './env';
import type { Logger } from './logger';

export interface OpenStore {
  /** For the link that sets the first password; null once somebody has one. */
  readonly setupToken: string | null;
  close(): Promise<void>;
}

/**
 * Opens the data folder: alone (a second process is refused), at the newest schema, with its keys, and with what every
 * installation has from the start: Quantdeck's own SSH key and "This machine".
 */
export async function openStore(options: {
  readonly env: ServerEnv;
  readonly root: string;
  readonly allowedOrigins: readonly string[];
  readonly isSecure: boolean;
  readonly logger: Logger;
}): Promise<OpenStore> {
  const { env, root, logger } = options;
  const dataFolder = path.resolve(root, env.dataFolder);
  const lock = await acquireProcessLock(dataFolder);
  const report = await migrate(dataFolder, path.join(root, 'prisma', 'migrations'));
  if (report.applied.length > 0) logger.info('database brought to the newest schema', { ...report });
  const client = await openClient(dataFolder);
  setRuntime({
    client,
    dataFolder,
    masterKey: await openMasterKey(dataFolder, client),
    allowedOrigins: options.allowedOrigins,
    secureCookies: options.isSecure,
    wakeListeners: new Set(),
    readPrivateKey,
  });
  await ensureDefaultKey(() => createKeyPair('quantdeck'));
  if (process.platform !== 'win32') {
    await ensureThisMachine({ id: THIS_MACHINE_ID, name: THIS_MACHINE_NAME, user: userInfo().username });
  }
  await seedAccount({ adminPassword: env.adminPassword, apiToken: env.apiToken });
  return {
    setupToken: (await armSetup())?.token ?? null,
    async close() {
      await flushSamples();
      await client.$disconnect();
      clearRuntime();
      await lock.release();
    },
  };
}
