import { fencedWrite, type Lease } from './fenced-write';
import type { Attempt } from './generated/client';
import { stepOf } from './step-of';
import type { Transaction } from './write-transaction';

/** One execution of a step. The same shape as the pipeline's. */
export interface AttemptRecord {
  readonly id: string;
  /** From 1 within its step. */
  readonly number: number;
  readonly kind: 'remote' | 'local';
  /** Length of the step's log when the attempt began, bytes. */
  readonly logStart: number;
  readonly exitCode: number | null;
  readonly endedAt: Date | null;
}

export interface NewAttempt {
  readonly id: string;
  readonly kind: 'remote' | 'local';
  readonly command: string;
  readonly logStart: number;
}

/** How an attempt has ended; a null exit code means that nobody can know it. */
export interface EndedAttempt {
  readonly id: string;
  readonly exitCode: number | null;
  readonly endedAt: Date;
}

/** Commits the intent, before anything is sent to the host. */
export function createAttempt(lease: Lease, stepId: string, attempt: NewAttempt): Promise<AttemptRecord> {
  return fencedWrite(lease, {}, async (transaction) => {
    await stepOf(transaction, lease, stepId);
    return addAttempt(transaction, stepId, attempt);
  });
}

/** Within a fenced write; the step is known to be the job's. */
export async function addAttempt(
  transaction: Transaction,
  stepId: string,
  attempt: NewAttempt,
): Promise<AttemptRecord> {
  const newest = await transaction.attempt.findFirst({ where: { stepId }, orderBy: { number: 'desc' } });
  if (newest && newest.endedAt === null && newest.kind === 'remote' && attempt.kind === 'remote') {
    throw new Error(`attempt ${newest.id} of step ${stepId} has not ended; a second one could run beside it`);
  }
  const number = (newest?.number ?? 0) + 1;
  const { logStart, ...rest } = attempt;
  return toAttemptRecord(
    await transaction.attempt.create({ data: { ...rest, stepId, number, logStart: BigInt(logStart) } }),
  );
}

/** The attempt has ended. Ending it twice keeps the first end. */
export function endAttempt(lease: Lease, attemptId: string, exitCode: number | null): Promise<void> {
  return fencedWrite(lease, {}, (transaction) =>
    closeAttempt(transaction, lease, { id: attemptId, exitCode, endedAt: new Date() }),
  );
}

/** The same within a fenced write. */
export async function closeAttempt(transaction: Transaction, lease: Lease, ended: EndedAttempt): Promise<void> {
  const { id, exitCode, endedAt } = ended;
  await transaction.attempt.updateMany({
    where: { id, endedAt: null, step: { jobId: lease.jobId } },
    data: { exitCode, endedAt },
  });
}

export function toAttemptRecord(row: Attempt): AttemptRecord {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind as AttemptRecord['kind'],
    logStart: Number(row.logStart),
    exitCode: row.exitCode,
    endedAt: row.endedAt,
  };
}
