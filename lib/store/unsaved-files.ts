import { stat } from 'node:fs/promises';
import path from 'node:path';
import { artifactFolder } from './data-layout';
import { runtime } from './runtime';

/** A file that exists on a host and nowhere else. */
export interface UnsavedFile {
  readonly artifactId: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly fileName: string;
  readonly sizeBytes: number | null;
}

/**
 * Files of all jobs on an instance that are not whole on the dashboard's disk, oldest first. Its copy counts by its length:
 * a file gets its name there only once its hash was right, and may have been deleted since.
 */
export async function listUnsavedFiles(instanceId: string): Promise<UnsavedFile[]> {
  const rows = await runtime().client.artifact.findMany({
    where: { onHost: true, job: { instanceId } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: {
      id: true,
      jobId: true,
      fileName: true,
      sizeBytes: true,
      homePath: true,
      job: { select: { name: true } },
    },
  });
  const unsaved = await Promise.all(rows.map(async (row) => ((await isHome(row)) ? [] : [row])));
  return unsaved.flat().map(({ id, jobId, fileName, sizeBytes, job }) => ({
    artifactId: id,
    jobId,
    jobName: job.name,
    fileName,
    sizeBytes: sizeBytes === null ? null : Number(sizeBytes),
  }));
}

async function isHome(row: { readonly homePath: string | null; readonly sizeBytes: bigint | null }): Promise<boolean> {
  if (row.homePath === null) return false;
  try {
    return BigInt((await stat(row.homePath)).size) === row.sizeBytes;
  } catch {
    // Whatever keeps us from seeing it: a file that cannot be seen is not saved.
    return false;
  }
}

/** When a byte of one of these files last came home: what was cut in its middle stays, and goes on from there. */
export async function arrivedAtMs(files: readonly Pick<UnsavedFile, 'jobId' | 'fileName'>[]): Promise<number | null> {
  const { dataFolder } = runtime();
  const times = await Promise.all(
    files.map(async ({ jobId, fileName }) => {
      try {
        return (await stat(path.join(artifactFolder(dataFolder, jobId), `${fileName}.part`))).mtimeMs;
      } catch {
        // Nothing of it has come yet.
        return null;
      }
    }),
  );
  return times.reduce((newest, time) => (time === null ? newest : Math.max(newest ?? time, time)), null);
}
