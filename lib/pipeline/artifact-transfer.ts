import { createHash } from 'node:crypto';
import path from 'node:path';
import { formatBytes } from '../domain/bytes';
import { FailureError } from '../domain/failure';
import type { Progress } from '../domain/progress';
import { TransferMeter } from '../domain/transfer-meter';
import { BlockWriter } from './block-writer';
import type { HostLink } from './host-link';
import type { ArtifactRecord } from './ledger-port';
import type { ArtifactHome, Clock, LocalFolder } from './ports';
import type { PipelineDependencies } from './step-context';

export interface TransferRequest {
  readonly artifact: ArtifactRecord;
  readonly jobId: string;
  readonly host: HostLink;
  /**
   * Set when the host is the dashboard's own machine. The file is on this disk already, and a copy of 30 GB through both
   * ends of an SSH connection takes minutes where the disk takes seconds.
   */
  readonly ownDisk: LocalFolder | null;
  readonly home: ArtifactHome;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** The dashboard's own disk when that is where an instance's files are; null for every other instance. */
export async function ownDiskOf(
  instanceId: string,
  { instances, localFolder }: Pick<PipelineDependencies, 'instances' | 'localFolder'>,
): Promise<LocalFolder | null> {
  return (await instances.find(instanceId)).kind === 'this-machine' ? localFolder : null;
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
  const sha256 = await download(request, file);
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

async function download(request: TransferRequest, file: string): Promise<string> {
  const { artifact, home, host, ownDisk, clock, signal } = request;
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
    return pending;
  };
  try {
    // The range is read when the work begins: after a cut it begins again, at the byte reached.
    if (ownDisk) await readOwnDisk(ownDisk, artifact.hostPath, { offset: done, length: total - done }, take, signal);
    else
      await host.withSession(
        (session) => session.download(artifact.hostPath, { offset: done, length: total - done }, take, signal),
        signal,
      );
    await writer.flush();
  } catch (error) {
    // What has arrived is kept for the next try. When it cannot be written, the first error says more.
    await writer.flush().catch(() => undefined);
    throw error;
  } finally {
    await part.close();
  }
  request.report(meter.update(done, clock.monotonicMs(), 'bringing home', artifact.fileName));
  return hash.digest('hex');
}

async function readOwnDisk(
  disk: LocalFolder,
  file: string,
  { offset, length }: { offset: number; length: number },
  take: (chunk: Uint8Array, offset: number) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let at = offset;
  for await (const chunk of disk.read(path.dirname(file), path.basename(file), offset, length)) {
    signal.throwIfAborted();
    await take(chunk, at);
    at += chunk.length;
  }
  if (at - offset === length) return;
  throw new FailureError('transfer-failed', `"${file}" is shorter on this machine than it was.`, {
    remedy: 'Check that nothing writes to it, then retry: what has arrived is kept.',
  });
}

async function refuseFullDisk({ artifact, home }: TransferRequest, file: string): Promise<void> {
  const freeBytes = await home.freeBytes();
  const neededBytes = (artifact.sizeBytes ?? 0) - (await home.partLength(file));
  if (freeBytes >= neededBytes) return;
  throw new FailureError(
    'dashboard-disk-full',
    `${artifact.fileName} needs ${formatBytes(neededBytes)} on this computer's disk, which has ${formatBytes(freeBytes)} free.`,
    { remedy: 'Free some space, then retry: what has arrived is kept. The file is safe on the host.' },
  );
}
