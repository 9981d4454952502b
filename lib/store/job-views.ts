import { stat } from 'node:fs/promises';
import { type ConfigPatch, conversionSpecSchema } from '../domain/conversion-spec';
import type { FileRepair } from '../domain/file-repair';
import { JOB_STATUSES, type JobStatus } from '../domain/status';
import type { InspectionView, JobDetail, JobSummary, ToolchainView } from '../domain/views';
import { toArtifactView } from './artifact-views';
import { stepLogFile } from './data-layout';
import type { Prisma } from './generated/client';
import { toJobSummary, toStepView } from './job-mapping';
import { fromJson } from './json-column';
import { runtime } from './runtime';

export interface JobFilter {
  readonly status?: JobStatus | readonly JobStatus[] | undefined;
  readonly instanceId?: string | undefined;
  /** Part of the job's name, model id or path. */
  readonly search?: string | undefined;
  /** 1..200, 50 when absent. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

const SUMMARY_PARTS = {
  instance: { select: { name: true } },
  steps: { select: { key: true, title: true, status: true, progress: true }, orderBy: { ordinal: 'asc' } },
} satisfies Prisma.JobInclude;

/** Jobs newest first; `total` counts all that match, whatever the limit. */
export async function listJobs(filter: JobFilter = {}): Promise<{ jobs: JobSummary[]; total: number }> {
  const { client } = runtime();
  const where = jobWhere(filter);
  const limit = Math.min(200, Math.max(1, filter.limit ?? 50));
  const rows = await client.job.findMany({
    where,
    include: SUMMARY_PARTS,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
    skip: Math.max(0, filter.offset ?? 0),
  });
  return { jobs: rows.map(toJobSummary), total: await client.job.count({ where }) };
}

/** One line of the list, null when there is no such job. */
export async function findJobSummary(id: string): Promise<JobSummary | null> {
  const row = await runtime().client.job.findUnique({ where: { id }, include: SUMMARY_PARTS });
  return row ? toJobSummary(row) : null;
}

/** All that the job's page shows, null when there is no such job. */
export async function findJob(id: string): Promise<JobDetail | null> {
  const { client, dataFolder } = runtime();
  const row = await client.job.findUnique({
    where: { id },
    include: {
      instance: { select: { name: true } },
      steps: { orderBy: { ordinal: 'asc' }, include: { attempts: { orderBy: { number: 'asc' } } } },
      artifacts: { orderBy: { createdAt: 'asc' } },
    },
  });
  if (!row) return null;
  const { instance, steps, artifacts, ...job } = row;
  const logBytes = await Promise.all(steps.map((step) => sizeOf(stepLogFile(dataFolder, id, step.id))));
  return {
    ...toJobSummary({ ...job, instance, steps }),
    spec: conversionSpecSchema.parse(job.spec),
    commit: job.commit,
    toolchain: fromJson<ToolchainView>(job.toolchain),
    inspection: fromJson<InspectionView>(job.inspection),
    proposedPatch: fromJson<ConfigPatch>(job.proposedPatch),
    proposedFileRepairs: fromJson<FileRepair[]>(job.proposedFiles) ?? [],
    steps: steps.map((step, index) => toStepView(step, logBytes[index] ?? 0)),
    artifacts: artifacts.map((artifact) => toArtifactView({ ...artifact, job: { ...job, instance } })),
    sequence: job.sequence,
    unreachableSince: job.unreachableSince?.toISOString() ?? null,
  };
}

/** How many jobs there are in each status; every status is a key. */
export async function countJobs(): Promise<Record<JobStatus, number>> {
  const groups = await runtime().client.job.groupBy({ by: ['status'], _count: { _all: true } });
  const counts = Object.fromEntries(JOB_STATUSES.map((status) => [status, 0])) as Record<JobStatus, number>;
  for (const group of groups) counts[group.status as JobStatus] = group._count._all;
  return counts;
}

function jobWhere({ status, instanceId, search }: JobFilter): Prisma.JobWhereInput {
  const text = search?.trim();
  return {
    ...(status === undefined ? {} : { status: typeof status === 'string' ? status : { in: [...status] } }),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(text
      ? {
          OR: [
            { name: { contains: text } },
            ...SOURCE_PATHS.map((path) => ({ spec: { path, string_contains: text } })),
          ],
        }
      : {}),
  };
}

const SOURCE_PATHS = ['$.source.repo', '$.source.path'];

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
