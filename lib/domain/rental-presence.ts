import { FailureError } from './failure';
import type { RentalEventView } from './rental';
import { isDue, pauseAfter, type RentalAction, release, settle, write } from './rental-action';
import { comingProblem, usableImages } from './rental-coming';
import { isLostCause, type RentalPhase, seenPhaseOf } from './rental-phase';
import type { RentalRecord, RentalSight, RentalTryRecord } from './rental-record';
import { goneChange } from './rental-release';
import { restartAction } from './rental-restart';
import type { RentedInstance } from './rented-instance';

const MINUTE_MS = 60_000;
/** A machine that was just rented may be missing in lists for some seconds, and for some hosts' a minute. */
const APPEARS_MS = 2 * MINUTE_MS;
/** The lease on the machine is touched so often while it is used; the machine stops itself long after. */
const LEASE_PAUSE_MS = 2 * MINUTE_MS;
const KNOCK_PAUSE_MS = 5000;
/** A machine that answered before is called lost after so long. */
const LOST_MS = 3 * MINUTE_MS;
/** One that was started again has more to do before it answers. */
const START_LOST_MS = 6 * MINUTE_MS;
const START_PAUSE_MS = MINUTE_MS;
const START_LIMIT_MS = 15 * MINUTE_MS;
const STOP_PAUSE_MS = 15_000;
const GB = 1e9;
/** File systems keep some of a disk for themselves. */
const DISK_LEAST_SHARE = 0.95;

/** Phases in which a machine that should run does not, and will not by itself. */
const AT_REST = new Set<RentalPhase>(['stopped', 'queued', 'exited', 'not-started', 'outbid']);

/**
 * While no list can be read, a machine that is used has its lease touched where it last was: it would stop itself under the
 * work, for no fault of its own. Null while a list tells more, or nothing is due.
 */
export function blindTouchAction(
  { goal, state, seen }: RentalRecord,
  attempt: RentalTryRecord,
  { list, knockedAtMs, nowMs }: RentalSight,
): RentalAction | null {
  if (list !== null || goal !== 'running' || state !== 'ready') return null;
  if (seen === null || seen.id !== attempt.serviceId || seen.endpoints.length === 0) return null;
  if (!isDue(knockedAtMs, LEASE_PAUSE_MS, nowMs)) return null;
  return { kind: 'touch', attempt, endpoints: seen.endpoints };
}

/** What a machine that is there needs, by what it was last seen to do; null when nothing. */
export function presenceAction(
  record: RentalRecord,
  attempt: RentalTryRecord,
  sight: RentalSight,
): RentalAction | null {
  if (sight.list === null) return null;
  const seen = sight.list.instances.find(({ id }) => id === attempt.serviceId);
  if (!seen) return absentAction(record, attempt, sight, sight.list.readAtMs);
  const phase = seenPhaseOf(record, seen, sight.nowMs);
  if (record.goal === 'stopped') return stoppingAction(record, attempt, phase, sight);
  if (attempt.reachableAtMs === null && phase !== 'stopped') {
    return giveUpAction(record, attempt, seen, phase, sight) ?? knockAction(record, attempt, seen, phase, sight);
  }
  if (record.restartWantedAtMs !== null) return restartAction(record, attempt, record.restartWantedAtMs, sight);
  if (AT_REST.has(phase)) return startAction(record, attempt, phase, sight);
  if (phase === 'running' && !isStuck(record, attempt, phase, sight.nowMs))
    return knockAction(record, attempt, seen, phase, sight);
  if (record.state === 'ready' || isStuck(record, attempt, phase, sight.nowMs))
    return lostAction(`The service says: ${phase}, ${seen.statusText ?? 'no message'}.`);
  return record.state === 'stopped' ? settle(record, 'starting') : null;
}

/** Started again, and neither up nor on its way within the time that a start takes. */
function isStuck(
  { state, stateSinceMs }: RentalRecord,
  { phaseSinceMs }: RentalTryRecord,
  phase: RentalPhase,
  nowMs: number,
): boolean {
  if (state !== 'starting') return false;
  if (nowMs - stateSinceMs >= START_LIMIT_MS) return true;
  return isLostCause(phase) && nowMs - (phaseSinceMs ?? nowMs) >= START_LOST_MS;
}

/** In no whole list any more: proven before it is believed. */
function absentAction(
  { goal }: RentalRecord,
  attempt: RentalTryRecord,
  sight: RentalSight,
  readAtMs: number,
): RentalAction | null {
  if (readAtMs - (attempt.thereAtMs ?? readAtMs) < APPEARS_MS) return null;
  const wasUsed = attempt.reachableAtMs !== null;
  const { failure } = new FailureError(
    wasUsed ? 'rental-machine-lost' : 'rental-machine-broken',
    wasUsed
      ? 'The machine is gone from the account, with everything that was on it: it was given back on the page of the service, or its host took it away.'
      : 'The machine that was rented never appeared, or went before it could be used.',
    {
      remedy: wasUsed ? 'Start the job again: another machine is rented then.' : 'The next machine is taken.',
      evidence: [`instance ${attempt.serviceId}`],
      isTransient: true,
    },
  );
  const gone = goneChange(attempt, sight.nowMs, failure);
  const rental = wasUsed
    ? ({ goal: 'gone', failure } as const)
    : goal === 'running'
      ? ({ state: 'looking' } as const)
      : {};
  return { kind: 'prove', attempt, change: { ...gone, rental, event: { level: 'alarm', text: failure.message } } };
}

function giveUpAction(
  record: RentalRecord,
  attempt: RentalTryRecord,
  seen: RentedInstance,
  phase: RentalPhase,
  sight: RentalSight,
): RentalAction | null {
  const problem = comingProblem(record, attempt, seen, phase, sight);
  if (problem === null) return null;
  const { failure } = problem;
  const event = { level: 'warning', text: [failure.message, ...failure.evidence.slice(0, 1)].join(' ') } as const;
  if (!problem.isMachineAtFault) {
    // The next machine is taken with another image, while there is one; this one did nothing wrong.
    if (usableImages([...record.tries, { ...attempt, failure }]).length > 0) {
      return write({ ...release(attempt, sight.nowMs, failure, { state: 'looking' }), event });
    }
    const change = release(attempt, sight.nowMs, failure, { goal: 'gone', state: 'releasing', failure });
    return write({ ...change, event: { ...event, level: 'alarm' } });
  }
  const change = release(attempt, sight.nowMs, failure, { state: 'looking' });
  return write({ ...change, event, avoids: { machineId: attempt.machineId, reason: failure.message } });
}

/** How long a machine that was used before may be silent; what never answered is given up elsewhere, and lost is lost. */
function patienceMs({ state }: RentalRecord, { reachableAtMs }: RentalTryRecord): number {
  if (reachableAtMs === null || state === 'lost') return Number.POSITIVE_INFINITY;
  return state === 'ready' ? LOST_MS : START_LOST_MS;
}

/** Knocks at a machine that runs: often until it answers, then to keep its lease. */
function knockAction(
  record: RentalRecord,
  attempt: RentalTryRecord,
  seen: RentedInstance,
  phase: RentalPhase,
  { nowMs, knockedAtMs }: RentalSight,
): RentalAction | null {
  if (phase !== 'running') return null;
  const isReady = record.state === 'ready';
  const { failingSinceMs, failingWith } = attempt;
  const failingMs = failingSinceMs === null || knockedAtMs === null ? 0 : nowMs - failingSinceMs;
  if (failingMs >= patienceMs(record, attempt)) return lostAction(failingWith?.message ?? 'It does not answer by SSH.');
  const isGood = isReady && failingSinceMs === null;
  if (seen.endpoints.length === 0 || !isDue(knockedAtMs, isGood ? LEASE_PAUSE_MS : KNOCK_PAUSE_MS, nowMs)) return null;
  if (isReady) return { kind: 'reach', attempt, change: null };
  const isFirst = attempt.reachableAtMs === null;
  return {
    kind: 'reach',
    attempt,
    change: {
      rental: { state: 'ready' },
      attempt: { id: attempt.id, from: 'there', ...(isFirst ? { reachableAtMs: nowMs } : {}) },
      event: isFirst ? firstAnswer(attempt, seen) : { level: 'note', text: 'The machine answers by SSH again.' },
    },
  };
}

/** A disk cannot grow afterwards: one that came out smaller than agreed is said before the job finds out. */
function firstAnswer(attempt: RentalTryRecord, { diskBytes }: RentedInstance): Omit<RentalEventView, 'at'> {
  const askedBytes = attempt.estimate.diskGb * GB;
  if (diskBytes === null || diskBytes >= DISK_LEAST_SHARE * askedBytes)
    return { level: 'note', text: 'The machine answers by SSH.' };
  const text = `The machine answers by SSH, but its disk has ${gb(diskBytes)} GB and ${gb(askedBytes)} GB were asked for.`;
  return { level: 'warning', text };
}

function gb(bytes: number): number {
  return Math.round(bytes / GB);
}

function startAction(
  record: RentalRecord,
  attempt: RentalTryRecord,
  phase: RentalPhase,
  sight: RentalSight,
): RentalAction | null {
  const { nowMs, askedAtMs } = sight;
  if (record.state === 'starting' && nowMs - record.stateSinceMs >= START_LIMIT_MS) {
    const { failure } = new FailureError(
      'rental-start-queued',
      'The machine did not start within a quarter of an hour: its GPU is used by somebody else.',
      {
        remedy: 'Start it again later, or give it back: until then its disk is billed.',
        evidence: [`seen as: ${phase}`],
        isTransient: true,
      },
    );
    return write({ rental: { goal: 'stopped', alarm: failure }, event: { level: 'alarm', text: failure.message } });
  }
  return isDue(askedAtMs.start, START_PAUSE_MS, nowMs) ? { kind: 'start', attempt } : null;
}

function stoppingAction(
  record: RentalRecord,
  attempt: RentalTryRecord,
  phase: RentalPhase,
  sight: RentalSight,
): RentalAction | null {
  if (phase === 'stopped') {
    if (record.state === 'stopped') return null;
    const text = 'The machine is stopped: only its disk is billed.';
    return write({ rental: { state: 'stopped', idleSinceMs: null }, event: { level: 'note', text } });
  }
  const pauseMs = pauseAfter(sight.failures, STOP_PAUSE_MS);
  return isDue(sight.askedAtMs.stop, pauseMs, sight.nowMs) ? { kind: 'stop', attempt } : null;
}

function lostAction(reason: string): RentalAction {
  const text = `The machine cannot be reached. ${reason}`;
  return write({ rental: { state: 'lost', idleSinceMs: null }, event: { level: 'warning', text } });
}
