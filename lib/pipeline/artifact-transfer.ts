import { createHash } from 'node:crypto';
import { formatBytes } from '../domain/bytes';
import { FailureError } from '../domain/failure';
import type { Progress } from '../domain/progress';
import { TransferMeter } from '../domain/transfer-meter';
import { BlockWriter } from './block-writer';
import type { HostLink } from './host-link';
import type { ArtifactRecord } from './ledger-port';
import type { ArtifactHome, Clock } from './ports';
import type { QuietTime } from './quiet-time';
import type { PipelineDependencies } from './step-context';

export interface TransferRequest {
  readonly artifact: ArtifactRecord;
  readonly jobId: string;
  readonly host: HostLink;
  /**
   * True when the host is the dashboard's own machine. The file is on this disk already, and a copy of 30 GB through both
   * ends of an SSH connection takes minutes where the disk takes seconds.
   */
  readonly ownDisk: boolean;
  readonly home: ArtifactHome;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  /** While something is measured on the host nothing is copied; absent where no job is at work. */
  readonly quiet?: QuietTime | undefined;
}

/** True when the files of an instance are on the dashboard's own disk. */
export async function ownDiskOf(
  instanceId: string,
  { instances }: Pick<PipelineDependencies, 'instances'>,
): Promise<boolean> {
  return (await instances.find(instanceId)).kind === 'this-machine';
}

/**
 * Brings one artifact to the dashboard's disk: continues at the last byte that is here, hashes what passes, compares
 * with the host's hash, and gives the file its name only when both are equal. Answers with the final path.
 */
export async function transferHome(request: TransferRequest): Promise<string> {
  const { artifact, home, jobId } = request;
  const file = await home.pathFor(jobId, artifact.fileName);
  const present = await home.fileSha256(file);
  if (present && present.sha256 === artifact.sha256) return file;
  await refuseFullDisk(request, file);
  const sha256 = await (request.ownDisk ? copy(request, file) : download(request, file));
  if (sha256 !== artifact.sha256) {
    await home.remove(`${file}.part`);
    throw new FailureError(
      'transfer-corrupt',
      `${artifact.fileName} arrived with another content than it has on the host.`,
      {
        remedy: 'Retry: the file is fetched again from its beginning.',
        evidence: [`on the host ${artifact.sha256}`, `here        ${sha256}`],
        isTransient: true,
      },
    );
  }
  const part = await home.openPart(file, artifact.sizeBytes ?? 0);
  await part.complete();
  await part.close();
  return file;
}

/** Both answer with the sha256 of what is here. */
async function copy(request: TransferRequest, file: string): Promise<string> {
  const { artifact, home, clock, signal, quiet } = request;
  const totalBytes = artifact.sizeBytes ?? 0;
  const startBytes = Math.min(await home.partLength(file), totalBytes);
  const meter = new TransferMeter(totalBytes, startBytes, clock.monotonicMs());
  // What is here is hashed again first; that is no step back.
  const onProgress = (bytes: number) =>
    request.report(meter.update(Math.max(bytes, startBytes), clock.monotonicMs(), 'bringing home', artifact.fileName));
  const range = { startBytes, totalBytes };
  const copied = await home
    .copyFrom(artifact.hostPath, file, range, { onProgress, signal, quiet })
    .catch(throwInWords(artifact));
  onProgress(copied.sizeBytes);
  if (copied.sizeBytes === totalBytes) return copied.sha256;
  throw new FailureError('transfer-failed', `"${artifact.hostPath}" is shorter on this machine than it was.`, {
    remedy: 'Check that nothing writes to it, then retry: what has arrived is kept.',
  });
}

async function download(request: TransferRequest, file: string): Promise<string> {
  const { artifact, home, host, clock, signal } = request;
  const total = artifact.sizeBytes ?? 0;
  const startBytes = Math.min(await home.partLength(file), total);
  const hash = createHash('sha256');
  for await (const chunk of home.readPart(file, startBytes)) hash.update(chunk);
  const meter = new TransferMeter(total, startBytes, clock.monotonicMs());
  const part = await home.openPart(file, startBytes);
  const writer = new BlockWriter(part, startBytes);
  let done = startBytes;
  const take = (chunk: Uint8Array, offset: number): void | Promise<void> => {
    if (offset !== done) throw new Error(`the transfer engine handed out byte ${offset}, expected ${done}`);
    hash.update(chunk);
    done += chunk.length;
    const pending = writer.push(chunk);
    // Once a block: thousands of readings a second say no more than hundreds.
    if (pending) request.report(meter.update(done, clock.monotonicMs(), 'bringing home', artifact.fileName));
    // What is not taken is not sent: the host's end rests as well.
    const resting = request.quiet?.over();
    return resting ? Promise.all([pending, resting]).then(() => undefined) : pending;
  };
  try {
    // The range is read when the work begins: after a cut it begins again, at the byte reached.
    await host.withSession(
      (session) => session.download(artifact.hostPath, { offset: done, length: total - done }, take, signal),
      signal,
    );
    await writer.flush();
  } catch (error) {
    // What has arrived is kept for the next try. When it cannot be written, the first error says more.
    await writer.flush().catch(() => undefined);
    throwInWords(artifact)(error);
  } finally {
    await part.close();
  }
  request.report(meter.update(done, clock.monotonicMs(), 'bringing home', artifact.fileName));
  return hash.digest('hex');
}

async function refuseFullDisk({ artifact, home }: TransferRequest, file: string): Promise<void> {
  const freeBytes = await home.freeBytes();
  const neededBytes = (artifact.sizeBytes ?? 0) - (await home.partLength(file));
  if (freeBytes >= neededBytes) return;
  throw diskFull(
    `${artifact.fileName} needs ${formatBytes(neededBytes)} on this computer's disk, which has ${formatBytes(freeBytes)} free.`,
  );
}

/** What the file system says, as failures. Somebody else may take the room that was there at the beginning. */
function throwInWords({ fileName, hostPath }: ArtifactRecord): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw diskFull(`This computer's disk filled up while ${fileName} was written.`, error);
    if (code !== 'ENOENT') throw error;
    throw new FailureError('artifact-missing', `"${hostPath}" is not there any more.`, {
      remedy: 'Retry the job: the file is made again.',
      cause: error,
    });
  };
}

function diskFull(message: string, cause?: unknown): FailureError {
  return new FailureError('dashboard-disk-full', message, {
    remedy: 'Free some space, then retry: what has arrived is kept. The file is safe on the host.',
    ...(cause === undefined ? {} : { cause }),
  });
}
