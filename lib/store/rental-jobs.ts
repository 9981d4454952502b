import type { RentalJobs } from '../domain/rental-record';
import { isTerminal, type JobStatus } from '../domain/status';
import type { Prisma } from './generated/client';
import { toJson } from './json-column';
import { appendToOutbox } from './outbox';
import { runtime } from './runtime';
import { arrivedAtMs, listUnsavedFiles } from './unsaved-files';
import { type Transaction, writeTransaction } from './write-transaction';

const ENDED = ['succeeded', 'failed', 'canceled'];
/** Worth to be copied when a limit is reached: whole, as its hash says, and not proven to be useless. */
const WORTH_SAVING = {
  onHost: true,
  homePath: null,
  sha256: { not: null },
  verdict: { not: 'does-not-work' },
} satisfies Prisma.ArtifactWhereInput;

/**
 * What jobs make of a machine, and which files are on it alone: any file counts, also one that was not hashed yet or did not
 * load, since the machine is not given back by itself while one is there.
 */
export async function rentalJobsOf(instanceId: string): Promise<RentalJobs> {
  const { client } = runtime();
  const [jobs, unsaved, saving] = await Promise.all([
    client.job.findMany({ where: { instanceId }, select: { status: true }, orderBy: { createdAt: 'desc' } }),
    listUnsavedFiles(instanceId),
    client.artifact.count({
      where: { ...WORTH_SAVING, bringHomeState: { in: ['requested', 'running'] }, job: { instanceId } },
    }),
  ]);
  const ended = jobs.filter(({ status }) => isTerminal(status as JobStatus)).length;
  return {
    open: jobs.length - ended,
    ended,
    hasSucceeded: jobs[0]?.status === 'succeeded',
    unsaved: unsaved.map(({ fileName }) => fileName),
    unsavedBytes: unsaved.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
    arrivedAtMs: await arrivedAtMs(unsaved),
    saving,
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
    await requestUnsavedFiles(transaction, instanceId, now);
  });
}

/** Asks for copies of a machine's files that are worth it and whose jobs are over. */
export async function requestUnsavedFiles(transaction: Transaction, instanceId: string, now: Date): Promise<void> {
  const unsaved = await transaction.artifact.findMany({
    where: {
      ...WORTH_SAVING,
      bringHomeState: { in: ['none', 'failed'] },
      job: { instanceId, status: { in: ENDED } },
    },
    select: { id: true },
  });
  for (const { id } of unsaved) {
    await transaction.artifact.update({
      where: { id },
      data: { bringHomeState: 'requested', bringHomeRequestedAt: now, bringHomeFailure: toJson(null) },
    });
    await appendToOutbox(transaction, 'artifact', id);
  }
}
