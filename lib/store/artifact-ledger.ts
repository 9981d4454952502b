import { type Verification, verdictOf, verdictSoFar, verdictsOf } from '../domain/artifact';
import { conversionSpecSchema } from '../domain/conversion-spec';
import type { Failure } from '../domain/failure';
import type { Progress } from '../domain/progress';
import type { QuantizationType } from '../domain/quantization-types';
import { createId } from './create-id';
import { fencedWrite, type Lease } from './fenced-write';
import type { Artifact } from './generated/client';
import { fromJson, toJson } from './json-column';
import { appendToOutbox } from './outbox';
import { runtime } from './runtime';
import { type Transaction, writeTransaction } from './write-transaction';

/** A produced file. The same shape as the pipeline's. */
export interface ArtifactRecord {
  readonly id: string;
  readonly type: QuantizationType;
  readonly fileName: string;
  readonly hostPath: string;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  readonly homePath: string | null;
  readonly verification: Verification | null;
}

export interface ArtifactFinding {
  readonly type: QuantizationType;
  readonly fileName: string;
  readonly hostPath: string;
  readonly sizeBytes?: number;
  readonly sha256?: string;
  readonly parameterCount?: number;
  readonly verification?: Verification;
}

export type HomeChange =
  | { readonly path: string }
  | { readonly failure: Failure }
  | { readonly state: 'running' }
  | { readonly progress: Progress };

/** Creates or updates the artifact of this job and type; what is not given stays as it was. */
export function recordArtifact(lease: Lease, artifact: ArtifactFinding): Promise<ArtifactRecord> {
  return fencedWrite(lease, {}, async (transaction) => {
    const { type, verification } = artifact;
    const changes = {
      fileName: artifact.fileName,
      hostPath: artifact.hostPath,
      onHost: true,
      ...(artifact.sizeBytes === undefined ? {} : { sizeBytes: BigInt(artifact.sizeBytes) }),
      ...(artifact.sha256 === undefined ? {} : { sha256: artifact.sha256 }),
      ...(artifact.parameterCount === undefined ? {} : { parameterCount: BigInt(artifact.parameterCount) }),
      ...(verification === undefined ? {} : { verification: toJson(verification), verdict: verdictOf(verification) }),
    };
    const row = await transaction.artifact.upsert({
      where: { jobId_type: { jobId: lease.jobId, type } },
      create: { id: createId(), jobId: lease.jobId, type, ...changes },
      update: changes,
    });
    if (verification !== undefined) await refreshVerdict(transaction, lease.jobId);
    await appendToOutbox(transaction, 'artifact', row.id);
    return toArtifactRecord(row);
  });
}

/** Where the copy on the dashboard's disk is, or why there is none. Without a lease: asked for by a person after the job. */
export function recordArtifactHome(lease: Lease | null, artifactId: string, home: HomeChange): Promise<void> {
  const work = async (transaction: Transaction) => {
    const where = { id: artifactId, ...(lease ? { jobId: lease.jobId } : {}) };
    const changed = await transaction.artifact.updateMany({ where, data: homeColumns(home) });
    // Its job was deleted meanwhile: there is nothing left to note it on.
    if (changed.count > 0) await appendToOutbox(transaction, 'artifact', artifactId);
  };
  return lease ? fencedWrite(lease, {}, work) : writeTransaction(work);
}

function homeColumns(home: HomeChange) {
  if ('progress' in home) return { bringHomeProgress: toJson(home.progress) };
  const nothing = { bringHomeFailure: toJson(null), bringHomeProgress: toJson(null) };
  if ('state' in home) return { ...nothing, bringHomeState: home.state };
  const ended = { ...nothing, bringHomeRequestedAt: null };
  if ('path' in home) return { ...ended, homePath: home.path, bringHomeState: 'done' };
  return { ...ended, bringHomeState: 'failed', bringHomeFailure: toJson(home.failure) };
}

/** The job's artifacts in the order in which they were made. */
export async function listArtifactRecords(jobId: string): Promise<ArtifactRecord[]> {
  const rows = await runtime().client.artifact.findMany({
    where: { jobId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toArtifactRecord);
}

/**
 * Takes the oldest artifact whose copy is asked for and whose job is not at work; null when there is none. One on a rented
 * machine waits until that answers.
 */
export async function claimBringHome(): Promise<{
  artifact: ArtifactRecord;
  jobId: string;
  instanceId: string;
} | null> {
  const answers = { OR: [{ rental: null }, { rental: { state: { in: ['ready', 'ended'] } } }] };
  const where = {
    bringHomeState: 'requested',
    job: { status: { in: ['succeeded', 'failed', 'canceled'] }, instance: answers },
  };
  const waiting = await runtime().client.artifact.findFirst({ where, select: { id: true } });
  if (!waiting) return null;
  return writeTransaction(async (transaction) => {
    const row = await transaction.artifact.findFirst({
      where,
      orderBy: { bringHomeRequestedAt: 'asc' },
      include: { job: true },
    });
    if (!row) return null;
    await transaction.artifact.update({ where: { id: row.id }, data: { bringHomeState: 'running' } });
    await appendToOutbox(transaction, 'artifact', row.id);
    return { artifact: toArtifactRecord(row), jobId: row.jobId, instanceId: row.job.instanceId };
  });
}

async function refreshVerdict(transaction: Transaction, jobId: string): Promise<void> {
  const { spec, artifacts } = await transaction.job.findUniqueOrThrow({
    where: { id: jobId },
    select: { spec: true, artifacts: { select: { type: true, verdict: true } } },
  });
  const verdict = verdictSoFar(verdictsOf(conversionSpecSchema.parse(spec).outputs, artifacts));
  await transaction.job.update({ where: { id: jobId }, data: { verdict } });
}

function toArtifactRecord(row: Artifact): ArtifactRecord {
  return {
    id: row.id,
    type: row.type as QuantizationType,
    fileName: row.fileName,
    hostPath: row.hostPath,
    sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    sha256: row.sha256,
    homePath: row.homePath,
    verification: fromJson<Verification>(row.verification),
  };
}
