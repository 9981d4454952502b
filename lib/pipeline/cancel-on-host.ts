import { type Failure, FailureError, toFailure } from '../domain/failure';
import { cancelAttempt } from './attempt-runner';
import type { HostLink } from './host-link';
import type { JobRecord, Lease } from './ledger-port';
import type { PipelineDependencies } from './step-context';
import { openStepLog } from './step-log';

/** A host that is away may take this long to come back before a cancel is done without it. */
const PATIENCE_MS = 90_000;

/**
 * Ends what a canceled job has running on its host, also when the cancel came while nobody followed it (the dashboard was
 * down, the host away). What cannot be ended is said at its step. Throws `leaving`'s reason when we have to go before.
 */
export async function cancelOnHost(
  canceled: { job: JobRecord; host: HostLink; lease: Lease; world: PipelineDependencies },
  leaving: AbortSignal,
): Promise<void> {
  const { job, host, lease, world } = canceled;
  const { ledger } = world;
  const signal = AbortSignal.any([leaving, AbortSignal.timeout(PATIENCE_MS)]);
  for (const step of (await ledger.loadJob(job.id)).steps) {
    const { attempt } = step;
    if (attempt?.kind !== 'remote' || attempt.endedAt !== null) continue;
    const log = await openStepLog(world, { jobId: job.id, stepId: step.id }, () => undefined);
    let failure: Failure | null;
    try {
      failure = await cancelAttempt({ attempt, lease, host, log, ledger }, signal);
    } catch (error) {
      leaving.throwIfAborted();
      if (error instanceof Error && error.name === 'LeaseLostError') throw error;
      failure = notEnded(error);
    }
    await ledger.finishStep(lease, step.id, { status: 'canceled', ...(failure ? { failure } : {}) });
  }
}

function notEnded(error: unknown): Failure {
  const { code, message } = toFailure(error);
  const reason = code === 'internal' ? 'the host did not answer in time.' : message;
  return new FailureError('host-lost', `Canceled here, but what runs on the host could not be ended: ${reason}`, {
    remedy: 'It may go on there until it is done. A retry of this job follows it again instead of starting it twice.',
    isTransient: true,
    cause: error,
  }).failure;
}
