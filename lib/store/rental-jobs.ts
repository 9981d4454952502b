import type { RentalJobs } from '../domain/rental-record';
import { isTerminal, type JobStatus } from '../domain/status';
import type { Prisma } from './generated/client';
import { toJson } from './json-column';
import { appendToOutbox } from './outbox';
import { runtime } from './runtime';
import { writeTransaction } from './write-transaction';

const ENDED = ['succeeded', 'failed', 'canceled'];
/** On the machine alone and worth something: whole, as its hash says, and not proven to be useless. */
const UNSAVED = {
  onHost: true,
  homePath: null,
  sha256: { not: null },
  verdict: { not: 'does-not-work' },
} satisfies Prisma.ArtifactWhereInput;

/** What jobs make of a machine, and which files are on it alone. */
export async function rentalJobsOf(instanceId: string): Promise<RentalJobs> {
  const { client } = runtime();
  const [jobs, unsaved] = await Promise.all([
    client.job.findMany({ where: { instanceId }, select: { status: true }, orderBy: { createdAt: 'desc' } }),
    client.artifact.findMany({
      where: { ...UNSAVED, job: { instanceId } },
      select: { fileName: true, bringHomeState: true },
    }),
  ]);
  const ended = jobs.filter(({ status }) => isTerminal(status as JobStatus)).length;
  return {
    open: jobs.length - ended,
    ended,
    hasSucceeded: jobs[0]?.status === 'succeeded',
    unsaved: unsaved.map(({ fileName }) => fileName),
    saving: unsaved.filter(({ bringHomeState }) => bringHomeState === 'requested' || bringHomeState === 'running')
      .length,
  };
}

/** Cancels the jobs of a machine and asks for copies of their unsaved files; doing it again changes nothing. */
export async function saveRentedFiles(instanceId: string, nowMs: number): Promise<void> {
  const now = new Date(nowMs);
  await writeTransaction(async (transaction) => {
    const open = await transaction.job.findMany({
      where: { instanceId, status: { notIn: ENDED }, cancelRequestedAt: null },
      select: { id: true },
    });
    for (const { id } of open) {
      await transaction.job.update({
        where: { id },
        data: { cancelRequestedAt: now, sequence: { increment: 1 } },
      });
      await appendToOutbox(transaction, 'job', id);
    }
    const unsaved = await transaction.artifact.findMany({
      where: { ...UNSAVED, bringHomeState: { in: ['none', 'failed'] }, job: { instanceId, status: { in: ENDED } } },
      select: { id: true },
    });
    for (const { id } of unsaved) {
      await transaction.artifact.update({
        where: { id },
        data: { bringHomeState: 'requested', bringHomeRequestedAt: now, bringHomeFailure: toJson(null) },
      });
      await appendToOutbox(transaction, 'artifact', id);
    }
  });
}
