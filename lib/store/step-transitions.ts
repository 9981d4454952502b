import type { Failure } from '../domain/failure';
import type { Progress } from '../domain/progress';
import { canMoveStep, type StepStatus } from '../domain/status';
import { type AttemptRecord, addAttempt, closeAttempt, type EndedAttempt, type NewAttempt } from './attempt-ledger';
import { fencedWrite, type Lease } from './fenced-write';
import { toJson } from './json-column';
import { stepOf } from './step-of';
import type { Transaction } from './write-transaction';

export interface StepEnd {
  readonly status: 'succeeded' | 'failed' | 'canceled' | 'skipped';
  readonly failure?: Failure;
  /** What later steps and the page need to know; its shape belongs to the step. */
  readonly result?: unknown;
  readonly skippedReason?: string;
  /** The attempt that brought it there, when its own end was not written yet. */
  readonly attempt?: EndedAttempt | null;
}

/** The step runs from now on. One that an earlier worker had running keeps its time of start. */
export function startStep(lease: Lease, stepId: string): Promise<void> {
  return fencedWrite(lease, {}, (transaction) => moveToRunning(transaction, lease, stepId));
}

/** The same together with its attempt, where that is known: one wait for the disk less before a command begins. */
export function startStepWithAttempt(lease: Lease, stepId: string, attempt: NewAttempt): Promise<AttemptRecord> {
  return fencedWrite(lease, {}, async (transaction) => {
    await moveToRunning(transaction, lease, stepId);
    return addAttempt(transaction, stepId, attempt);
  });
}

async function moveToRunning(transaction: Transaction, lease: Lease, stepId: string): Promise<void> {
  const step = await stepOf(transaction, lease, stepId);
  if (step.status === 'running') return;
  refuseStepMove(step.status as StepStatus, 'running');
  await transaction.step.update({
    where: { id: stepId },
    data: {
      status: 'running',
      startedAt: new Date(),
      finishedAt: null,
      progress: toJson(null),
      note: null,
      failure: toJson(null),
      skippedReason: null,
    },
  });
}

export function finishStep(lease: Lease, stepId: string, end: StepEnd): Promise<void> {
  return fencedWrite(lease, {}, async (transaction) => {
    const step = await stepOf(transaction, lease, stepId);
    refuseStepMove(step.status as StepStatus, end.status);
    if (end.attempt) await closeAttempt(transaction, lease, end.attempt);
    await transaction.step.update({
      where: { id: stepId },
      data: {
        status: end.status,
        finishedAt: new Date(),
        note: null,
        failure: toJson(end.failure),
        ...(end.status === 'succeeded' ? { isAgain: false } : {}),
        skippedReason: end.skippedReason ?? null,
        ...(end.result === undefined ? {} : { result: toJson(end.result) }),
      },
    });
  });
}

/** How far a running step is. Late news of a step that has ended changes nothing. */
export function recordProgress(
  lease: Lease,
  stepId: string,
  progress: Progress | null,
  note: string | null,
): Promise<void> {
  return fencedWrite(lease, {}, async (transaction) => {
    await transaction.step.updateMany({
      where: { id: stepId, jobId: lease.jobId, status: 'running' },
      data: { progress: toJson(progress), note },
    });
  });
}

function refuseStepMove(from: StepStatus, to: StepStatus): void {
  if (!canMoveStep(from, to)) throw new Error(`a step that is ${from} cannot become ${to}`);
}
