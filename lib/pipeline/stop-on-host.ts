import { type Failure, FailureError, toFailure } from '../domain/failure';
import { cancelAttempt } from './attempt-runner';
import type { HostLink } from './host-link';
import { type AttemptRecord, isLeaseLost, isOpen, type JobRecord, type Lease, type StepRecord } from './ledger-port';
import type { PipelineDependencies } from './step-context';
import { openStepLog } from './step-log';

/** A host that is away may take this long to come back before a cancel is done without it. */
const PATIENCE_MS = 90_000;

interface StoppedJob {
  readonly job: JobRecord;
  readonly host: HostLink;
  readonly lease: Lease;
  readonly world: PipelineDependencies;
}

/**
 * Ends everything that a job has begun and not finished, all at the same time: its commands on the host, also those that
 * nobody followed when the end was wished for (the dashboard was down, the host away, the step had failed on this side), and
 * the steps they belong to, which a retry continues. What cannot be ended is said at its step; on a host that was given up nothing is tried, and a retry
 * follows what still runs there. Throws `leaving`'s reason when we have to go before.
 */
export async function stopOnHost(stopped: StoppedJob, leaving: AbortSignal): Promise<void> {
  const { steps } = await stopped.world.ledger.loadJob(stopped.job.id);
  const begun = steps.filter(({ status, attempt }) => status === 'running' || isOpen(attempt));
  const ends = await Promise.allSettled(begun.map((step) => stopStep(stopped, step, leaving)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function stopStep(stopped: StoppedJob, step: StepRecord, leaving: AbortSignal): Promise<void> {
  const { host, lease, world } = stopped;
  const { ledger } = world;
  const { attempt } = step;
  let failure: Failure | null = null;
  if (isOpen(attempt)) {
    if (attempt.kind === 'local') await ledger.endAttempt(lease, attempt.id, null);
    else if (!host.isGivenUp) failure = await endAttempt(stopped, step, attempt, leaving);
  }
  // One that failed here while its command went on there keeps its own failure, which is the job's.
  if (step.status !== 'queued' && step.status !== 'running') return;
  await ledger.finishStep(lease, step.id, { status: 'canceled', ...(failure ? { failure } : {}) });
}

async function endAttempt(
  { job, host, lease, world }: StoppedJob,
  step: StepRecord,
  attempt: AttemptRecord,
  leaving: AbortSignal,
): Promise<Failure | null> {
  const signal = AbortSignal.any([leaving, AbortSignal.timeout(PATIENCE_MS)]);
  const log = await openStepLog(world, { jobId: job.id, stepId: step.id }, () => undefined);
  try {
    return await cancelAttempt({ attempt, lease, host, log, ledger: world.ledger }, signal);
  } catch (error) {
    leaving.throwIfAborted();
    if (isLeaseLost(error)) throw error;
    return notEnded(error);
  }
}

function notEnded(error: unknown): Failure {
  const { code, message } = toFailure(error);
  const reason = code === 'internal' ? 'the host did not answer in time.' : message;
  return new FailureError('host-lost', `Stopped here, but what runs on the host could not be ended: ${reason}`, {
    remedy: 'It may go on there until it is done. A retry of this job follows it again instead of starting it twice.',
    isTransient: true,
    cause: error,
  }).failure;
}
