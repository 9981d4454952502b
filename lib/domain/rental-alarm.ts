import { contractAlarm } from './contract-alarm';
import { formatDuration } from './duration';
import { type Failure, FailureError } from './failure';
import { creditAlarm } from './rental-credit';
import { isToBeKept, limitFailure } from './rental-limits';
import { presentTry, type RentalRecord, type RentalSight } from './rental-record';
import { unknownOutcome } from './rental-release';
import { filesAre, savingBounds } from './rental-saving';

const MINUTE_MS = 60_000;
const UNPROVEN_MS = 5 * MINUTE_MS;
const DOUBT_SHOWN_MS = MINUTE_MS;
const DISOBEYED_MS = 5 * MINUTE_MS;
const LOST_SHOWN_MS = 10 * MINUTE_MS;

/** What a person has to know about a rental on every page, for as long as it is so; null for nothing. */
export function alarmOf(record: RentalRecord, sight: RentalSight): Failure | null {
  return (
    accountAlarm(sight) ??
    unprovenAlarm(record, sight) ??
    doubtAlarm(record, sight) ??
    disobeyedAlarm(record, sight) ??
    heldAlarm(record, sight) ??
    creditAlarm(record, sight) ??
    lostAlarm(record, sight) ??
    contractAlarm(record, sight) ??
    limitAlarm(record, sight)
  );
}

function accountAlarm({ blindness }: RentalSight): Failure | null {
  return blindness?.code === 'rental-account-changed' ? blindness : null;
}

function unprovenAlarm({ tries }: RentalRecord, { nowMs }: RentalSight): Failure | null {
  const late = tries.filter(
    ({ state, releasedAtMs }) => state === 'releasing' && nowMs - (releasedAtMs ?? nowMs) >= UNPROVEN_MS,
  );
  if (late.length === 0) return null;
  return new FailureError(
    'rental-release-unproven',
    `A machine was given back ${formatDuration(UNPROVEN_MS)} ago and more, and it is not proven that it is gone: it may still cost.`,
    {
      remedy: 'Quantdeck goes on asking. If this stays, destroy the instance on the page of the service.',
      evidence: late.map(({ serviceId, label }) => `instance ${serviceId}, label ${label}`),
      isTransient: true,
    },
  ).failure;
}

function doubtAlarm(record: RentalRecord, { nowMs }: RentalSight): Failure | null {
  const attempt = presentTry(record);
  if (attempt?.state !== 'asking' || attempt.sentAtMs === null || nowMs - attempt.sentAtMs < DOUBT_SHOWN_MS)
    return null;
  return unknownOutcome(attempt);
}

/** A stop, or a start, that fails again and again or takes no effect: the machine costs what it should not. */
function disobeyedAlarm(record: RentalRecord, { nowMs }: RentalSight): Failure | null {
  const { goal, state, requestFailure } = record;
  if (presentTry(record)?.state !== 'there' || goal === 'gone') return null;
  const sinceMs = Math.max(record.goalAtMs, goal === 'running' ? record.stateSinceMs : 0);
  const isStopping = goal === 'stopped' && state !== 'stopped';
  const isRefused = goal === 'running' && requestFailure !== null && state !== 'ready' && state !== 'coming';
  if (!(isStopping || isRefused) || nowMs - sinceMs < DISOBEYED_MS) return null;
  const time = hourOf(sinceMs);
  const message = isStopping
    ? `The machine was asked to stop at ${time} and has not: it is still billed in full.`
    : `The machine was to start at ${time} and has not: requests for it fail.`;
  return new FailureError('rental-not-obeying', message, {
    remedy: isStopping
      ? 'Quantdeck goes on asking. If this stays, stop or destroy the instance on the page of the service.'
      : 'Quantdeck goes on asking. Stop it here, or give it back, if you do not want to wait.',
    evidence: requestFailure === null ? [] : [requestFailure.message],
    isTransient: true,
  }).failure;
}

/** A stopped machine whose disk is billed on, for a reason that only a person can take away. */
function heldAlarm(record: RentalRecord, { nowMs, jobs }: RentalSight): Failure | null {
  if (record.goal !== 'stopped') return null;
  if (record.alarm?.code === 'rental-start-queued') return record.alarm;
  const limit = limitFailure(record, nowMs);
  if (limit === null || jobs.unsaved.length === 0) return null;
  return new FailureError(
    'rental-holds-unsaved',
    `${limit.message} The machine is stopped and kept, because ${filesAre(jobs.unsaved)} on it alone; its disk is billed.`,
    {
      remedy:
        'Allow more money or time on its page and start it: the files come home then. Or give the machine back with them.',
      evidence: jobs.unsaved.slice(0, 20),
    },
  ).failure;
}

/** A limit that is reached while the machine is there: what is done about it, and what that is bounded by. */
function limitAlarm(record: RentalRecord, { nowMs, jobs }: RentalSight): Failure | null {
  const limit = limitFailure(record, nowMs);
  if (limit === null || presentTry(record)?.state !== 'there') return null;
  const { code, message } = limit;
  if (record.goal === 'running' && record.savingSinceMs !== null) {
    const text = `${message} Its jobs are ended and its files brought home: ${savingBounds(record, jobs.unsavedBytes)}.`;
    return new FailureError(code, text, { remedy: 'Allow more money or time on its page to let it go on.' }).failure;
  }
  if (record.goal !== 'stopped' || !isToBeKept(record)) return null;
  return new FailureError(code, `${message} The machine is stopped and kept, as you chose; its disk is billed on.`, {
    remedy: 'Give it back when you no longer need what is on it, or allow more money or time to use it again.',
  }).failure;
}

function lostAlarm(record: RentalRecord, { nowMs }: RentalSight): Failure | null {
  if (record.state !== 'lost' || nowMs - record.stateSinceMs < LOST_SHOWN_MS) return null;
  const reason = [presentTry(record)?.failingWith?.message, record.seen?.statusText].flatMap((line) =>
    line ? [line] : [],
  );
  return new FailureError(
    'rental-machine-lost',
    `The machine has not been reachable since ${hourOf(record.stateSinceMs)}, and may be billed meanwhile.`,
    { remedy: 'Wait for it, or give it back.', evidence: reason, isTransient: true },
  ).failure;
}

/** An alarm stays as it was written: a duration in it would grow old. */
function hourOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`;
}
