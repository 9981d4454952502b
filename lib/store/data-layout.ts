import path from 'node:path';

/** Ids in file paths are made by us; anything else is refused before it reaches the disk. */
const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

export function databaseFile(dataFolder: string): string {
  return path.join(dataFolder, 'quantdeck.db');
}

/** Logs and samples of one job. Throws for an id that is not one of ours. */
export function jobFolder(dataFolder: string, jobId: string): string {
  return path.join(dataFolder, 'jobs', checkedId(jobId));
}

export function stepLogFile(dataFolder: string, jobId: string, stepId: string): string {
  return path.join(jobFolder(dataFolder, jobId), 'logs', `${checkedId(stepId)}.log`);
}

export function sampleFile(dataFolder: string, jobId: string): string {
  return path.join(jobFolder(dataFolder, jobId), 'samples.ndjson');
}

export function artifactFolder(dataFolder: string, jobId: string): string {
  return path.join(dataFolder, 'artifacts', checkedId(jobId));
}

function checkedId(id: string): string {
  if (ID_PATTERN.test(id)) return id;
  throw new Error(`not an id: ${JSON.stringify(id.slice(0, 80))}`);
}
