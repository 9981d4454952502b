import { fencedWrite, type Lease } from './fenced-write';
import type { Attempt } from './generated/client';
import { stepOf } from './step-transitions';

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

/** Commits the intent, before anything is sent to the host. */
export function createAttempt(
  lease: Lease,
  stepId: string,
  attempt: { id: string; kind: 'remote' | 'local'; command: string; logStart: number },
): Promise<AttemptRecord> {
  return fencedWrite(lease, {}, async (transaction) => {
    await stepOf(transaction, lease, stepId);
    const newest = await transaction.attempt.findFirst({ where: { stepId }, orderBy: { number: 'desc' } });
    if (newest && newest.endedAt === null && newest.kind === 'remote' && attempt.kind === 'remote') {
      throw new Error(`attempt ${newest.id} of step ${stepId} has not ended; a second one could run beside it`);
    }
    const number = (newest?.number ?? 0) + 1;
    const { logStart, ...rest } = attempt;
    return toAttemptRecord(
      await transaction.attempt.create({ data: { ...rest, stepId, number, logStart: BigInt(logStart) } }),
    );
  });
}

/** The attempt has ended; a null exit code means that nobody can know it. Ending it twice keeps the first end. */
export function endAttempt(lease: Lease, attemptId: string, exitCode: number | null): Promise<void> {
  return fencedWrite(lease, {}, async (transaction) => {
    await transaction.attempt.updateMany({
      where: { id: attemptId, endedAt: null, step: { jobId: lease.jobId } },
      data: { exitCode, endedAt: new Date() },
    });
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
