import { combineVerdicts, type Verdict, verdictsOf } from '../domain/artifact';
import { type ConfigPatch, conversionSpecSchema } from '../domain/conversion-spec';
import type { Failure } from '../domain/failure';
import type { FileRepair } from '../domain/file-repair';
import { canMoveJob, type JobStatus } from '../domain/status';
import type { InspectionView, ToolchainView } from '../domain/views';
import { fencedWrite, type Lease } from './fenced-write';
import type { Job } from './generated/client';
import { toJson } from './json-column';
import { runtime } from './runtime';
import type { Transaction } from './write-transaction';

/** The job runs from now on. A job that an earlier worker had running keeps its time of start. */
export function startJob(lease: Lease): Promise<void> {
  // Whether the host can be reached is for this worker to find out anew.
  return fencedWrite(lease, { unreachableSince: null }, async (transaction) => {
    const job = await transaction.job.findUniqueOrThrow({ where: { id: lease.jobId } });
    if (job.status === 'running') return;
    refuseJobMove(job.status as JobStatus, 'running');
    await transaction.job.update({
      where: { id: job.id },
      data: { status: 'running', startedAt: job.startedAt ?? new Date(), finishedAt: null, failure: toJson(null) },
    });
  });
}

/** The job has ended. Steps that never ran are canceled with a canceled job; the lease goes. */
export function finishJob(
  lease: Lease,
  end: { status: 'succeeded' | 'failed' | 'canceled'; failure: Failure | null },
): Promise<void> {
  return fencedWrite(lease, {}, async (transaction) => {
    const job = await transaction.job.findUniqueOrThrow({ where: { id: lease.jobId } });
    if (end.status !== 'failed' || job.status !== 'queued') refuseJobMove(job.status as JobStatus, end.status);
    const now = new Date();
    await settleSteps(transaction, { ...end, jobId: job.id, now });
    await transaction.job.update({
      where: { id: job.id },
      data: {
        status: end.status,
        failure: toJson(end.failure),
        verdict: await verdictOfJob(transaction, job),
        finishedAt: now,
        unreachableSince: null,
        owner: null,
        leaseUntilMs: 0,
      },
    });
  });
}

/** No step of an ended job may look as if it were running, whatever its worker managed to write. */
async function settleSteps(
  transaction: Transaction,
  end: { jobId: string; status: JobStatus; failure: Failure | null; now: Date },
): Promise<void> {
  const { jobId, status, failure, now: finishedAt } = end;
  if (status === 'succeeded') return;
  await transaction.step.updateMany({
    where: { jobId, status: 'running' },
    data: { status, finishedAt, note: null, ...(status === 'failed' ? { failure: toJson(failure) } : {}) },
  });
  if (status === 'canceled')
    await transaction.step.updateMany({ where: { jobId, status: 'queued' }, data: { status } });
}

/** A file that was not made counts against a job, however good the others are. */
async function verdictOfJob(transaction: Transaction, job: Pick<Job, 'id' | 'spec'>): Promise<Verdict> {
  const made = await transaction.artifact.findMany({ where: { jobId: job.id }, select: { type: true, verdict: true } });
  return combineVerdicts(verdictsOf(conversionSpecSchema.parse(job.spec).outputs, made));
}

/** Whether a person asked for the job's end. */
export async function isCancelRequested(jobId: string): Promise<boolean> {
  const job = await runtime().client.job.findUnique({ where: { id: jobId }, select: { cancelRequestedAt: true } });
  // A deleted job has nobody left to run it for.
  return job === null || job.cancelRequestedAt !== null;
}

export function recordSource(lease: Lease, source: { commit: string | null }): Promise<void> {
  return fencedWrite(lease, { commit: source.commit }, nothingElse);
}

export function recordToolchain(lease: Lease, toolchain: ToolchainView): Promise<void> {
  return fencedWrite(lease, { toolchain: toJson(toolchain) }, nothingElse);
}

export function recordInspection(
  lease: Lease,
  inspection: InspectionView,
  proposed: { readonly patch: ConfigPatch; readonly files: readonly FileRepair[] } | null,
): Promise<void> {
  const columns = { proposedPatch: toJson(proposed?.patch ?? null), proposedFiles: toJson(proposed?.files ?? null) };
  return fencedWrite(lease, { inspection: toJson(inspection), ...columns }, nothingElse);
}

/** Since when the host cannot be reached, null when it is back. */
export function recordUnreachable(lease: Lease, since: Date | null): Promise<void> {
  return fencedWrite(lease, { unreachableSince: since }, nothingElse);
}

async function nothingElse(): Promise<void> {}

function refuseJobMove(from: JobStatus, to: JobStatus): void {
  if (!canMoveJob(from, to)) throw new Error(`a job that is ${from} cannot become ${to}`);
}
