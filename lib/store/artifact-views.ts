import type { ArtifactPlace, Verdict, Verification } from '../domain/artifact';
import type { Failure } from '../domain/failure';
import type { Progress } from '../domain/progress';
import type { QuantizationType } from '../domain/quantization-types';
import { sampleRemarkOf } from '../domain/sample-remark';
import type { ArtifactView } from '../domain/views';
import type { Artifact, Prisma } from './generated/client';
import { fromJson } from './json-column';
import { runtime } from './runtime';

type ArtifactRow = Artifact & {
  readonly job: { readonly name: string; readonly instanceId: string; readonly instance: { readonly name: string } };
};

export interface ArtifactFilter {
  readonly jobId?: string | undefined;
  /** Part of the file's or the job's name. */
  readonly search?: string | undefined;
  readonly type?: QuantizationType | undefined;
  readonly verdict?: Verdict | undefined;
  /** 1..200, 50 when absent. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

/** Where the bytes are. For the server alone: paths are never shown. */
export interface ArtifactLocation {
  readonly homePath: string | null;
  /** Null when the file is no longer on the host. */
  readonly hostPath: string | null;
  readonly instanceId: string;
}

const JOB_PART = {
  job: { select: { name: true, instanceId: true, instance: { select: { name: true } } } },
} satisfies Prisma.ArtifactInclude;

/** Artifacts newest first; `total` counts all that match, whatever the limit. */
export async function listArtifacts(
  filter: ArtifactFilter = {},
): Promise<{ artifacts: ArtifactView[]; total: number }> {
  const { client } = runtime();
  const where = artifactWhere(filter);
  const limit = Math.min(200, Math.max(1, filter.limit ?? 50));
  const rows = await client.artifact.findMany({
    where,
    include: JOB_PART,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
    skip: Math.max(0, filter.offset ?? 0),
  });
  return { artifacts: rows.map(toArtifactView), total: await client.artifact.count({ where }) };
}

/** One artifact, null when there is no such one. */
export async function findArtifact(id: string): Promise<ArtifactView | null> {
  const row = await runtime().client.artifact.findUnique({ where: { id }, include: JOB_PART });
  return row ? toArtifactView(row) : null;
}

/** Where to read an artifact's bytes from, null when there is no such artifact. */
export async function artifactLocation(id: string): Promise<ArtifactLocation | null> {
  const row = await runtime().client.artifact.findUnique({ where: { id }, include: JOB_PART });
  if (!row) return null;
  return { homePath: row.homePath, hostPath: row.onHost ? row.hostPath : null, instanceId: row.job.instanceId };
}

/** A row with its job's and instance's names as it crosses the wire. */
export function toArtifactView(row: ArtifactRow): ArtifactView {
  const verification = fromJson<Verification>(row.verification);
  return {
    id: row.id,
    jobId: row.jobId,
    jobName: row.job.name,
    instanceId: row.job.instanceId,
    instanceName: row.job.instance.name,
    type: row.type as QuantizationType,
    fileName: row.fileName,
    sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    sha256: row.sha256,
    parameterCount: row.parameterCount === null ? null : Number(row.parameterCount),
    place: placeOf(row),
    verdict: row.verdict as Verdict,
    verification,
    sampleRemark: sampleRemarkOf(verification),
    bringHomeState: row.bringHomeState as ArtifactView['bringHomeState'],
    bringHomeFailure: fromJson<Failure>(row.bringHomeFailure),
    bringHomeProgress: row.bringHomeState === 'running' ? fromJson<Progress>(row.bringHomeProgress) : null,
    createdAt: row.createdAt.toISOString(),
  };
}

function placeOf({ onHost, homePath }: Artifact): ArtifactPlace {
  if (onHost) return homePath === null ? 'host' : 'both';
  return homePath === null ? 'gone' : 'home';
}

function artifactWhere({ jobId, search, type, verdict }: ArtifactFilter): Prisma.ArtifactWhereInput {
  const text = search?.trim();
  return {
    ...(jobId === undefined ? {} : { jobId }),
    ...(type === undefined ? {} : { type }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(text ? { OR: [{ fileName: { contains: text } }, { job: { name: { contains: text } } }] } : {}),
  };
}
