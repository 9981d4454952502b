import { type Failure, FailureError } from './failure';
import { NOT_FAILING, type RentalAction, write } from './rental-action';
import type { RentalRecord, RentalSight, RentalTryRecord } from './rental-record';

/** A wish that could not be told to the service by then is dropped: who had it has gone on to something else. */
const WISH_MS = 5 * 60_000;

/**
 * Why a machine cannot be restarted now; null when it can. It keeps its GPU, its price and its disk, and ends whatever runs
 * on it: so not under a job, unless nobody reaches the machine any more.
 * @param openJobs on it, queued or running
 */
export function restartRefusal(
  { goal, state }: Pick<RentalRecord, 'goal' | 'state'>,
  openJobs: number,
): Failure | null {
  if (goal !== 'running' || (state !== 'ready' && state !== 'lost')) {
    return new FailureError('conflict', 'Only a machine that runs, or was lost while it did, can be restarted.', {
      remedy: 'Wait until it is ready, or start it first.',
    }).failure;
  }
  if (state === 'lost' || openJobs === 0) return null;
  return new FailureError('conflict', 'A job is not done on the machine: a restart would end what it does there.', {
    remedy: 'Wait for the job, or cancel it first.',
  }).failure;
}

/** What the wish for a restart comes to: by now it may not fit any more. */
export function restartAction(
  record: RentalRecord,
  attempt: RentalTryRecord,
  wantedAtMs: number,
  { nowMs, jobs }: RentalSight,
): RentalAction {
  const refusal = restartRefusal(record, jobs.open)?.message;
  const why = refusal ?? (nowMs - wantedAtMs < WISH_MS ? null : 'The service could not be asked in time.');
  if (why !== null) {
    const event = { level: 'warning', text: `The machine was not restarted. ${why}` } as const;
    return write({ rental: { restartWantedAtMs: null }, event });
  }
  const change = {
    rental: { state: 'starting', restartWantedAtMs: null, startAskedAtMs: nowMs, idleSinceMs: null },
    attempt: { id: attempt.id, from: 'there', ...NOT_FAILING },
    event: { level: 'note', text: 'The machine is being restarted: it keeps its GPU and its price.' },
  } as const;
  return { kind: 'restart', attempt, change };
}
