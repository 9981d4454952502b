import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createJob } from '../../lib/commands/create-job';
import type { NewConversion } from '../../lib/domain/conversion-spec';
import { openClient } from '../../lib/store/client';
import { openMasterKey } from '../../lib/store/master-key';
import { migrate } from '../../lib/store/migrate';
import { clearRuntime, runtime, setRuntime } from '../../lib/store/runtime';

export const MIGRATIONS_FOLDER = path.resolve(import.meta.dirname, '../../prisma/migrations');

export interface TestDatabase {
  readonly dataFolder: string;
  /** Closes the database and deletes its folder. */
  close(): Promise<void>;
}

/** A database file of its own in a temporary folder, at the newest schema, as the process's runtime. One a test file. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'quantdeck-test-'));
  await migrate(dataFolder, MIGRATIONS_FOLDER);
  const client = await openClient(dataFolder);
  setRuntime({
    client,
    dataFolder,
    masterKey: await openMasterKey(dataFolder, client),
    allowedOrigins: ['http://127.0.0.1:3000'],
    secureCookies: false,
    wakeListeners: new Set(),
  });
  return {
    dataFolder,
    async close() {
      await runtime().writes.settle();
      await client.$disconnect();
      clearRuntime();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** An SSH host that nobody connects to. */
export async function addTestInstance(id: string): Promise<string> {
  await runtime().client.instance.create({
    data: { id, kind: 'ssh', name: id, host: '192.0.2.1', port: 22, user: 'root', auth: 'key' },
  });
  return id;
}

/** A queued job with the usual steps. */
export async function addTestJob(instanceId: string, changes: Partial<NewConversion> = {}): Promise<string> {
  const source = { kind: 'hub', repo: 'acme/tiny' } as const;
  return (await createJob({ source, instanceId, outputs: ['F16', 'Q4_K_M'], ...changes })).jobId;
}

/** A file of a job that is whole, proven, and on its host alone. */
export async function addTestArtifact(jobId: string): Promise<void> {
  const file = { type: 'Q4_K_M', fileName: 'tiny-Q4_K_M.gguf', hostPath: '/root/tiny-Q4_K_M.gguf' };
  const proof = { sha256: 'a'.repeat(64), verdict: 'works', sizeBytes: 1000n };
  await runtime().client.artifact.create({ data: { id: `artifact-of-${jobId}`, jobId, ...file, ...proof } });
}
