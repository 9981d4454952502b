import { formatDuration } from './duration';
import { type Failure, FailureError } from './failure';
import { imageOf, RENTAL_IMAGE_NAMES, type RentalImageName } from './rental-image';
import { isLostCause, RENTAL_PHASE_INFO, type RentalPhase } from './rental-phase';
import type { RentalRecord, RentalSight, RentalTryRecord } from './rental-record';
import { BREAKDOWN_WORDS, breakdownOf, isMachineAtFault, type RentalBreakdown } from './rental-status-message';
import type { RentedInstance } from './rented-instance';

const MINUTE_MS = 60_000;
/** From renting to the first answer by SSH; an image of two gigabytes is there in less. */
const COMING_LIMIT_MS = 15 * MINUTE_MS;
/** No phase may take more than this many times its usual time, nor be given up before these minutes. */
const PHASE_FACTOR = 4;
const PHASE_LEAST_MS = 5 * MINUTE_MS;
/**
 * A machine that runs and cannot be reached. A refusal is an SSH server that has not begun yet; a key is unknown for up to
 * three minutes; nothing but silence is a host without a way in.
 */
const REACH_LIMIT_MS: Partial<Record<Failure['code'], number>> = {
  'host-timeout': 2 * MINUTE_MS,
  'host-unreachable': 2 * MINUTE_MS,
  'ssh-auth-refused': 4 * MINUTE_MS,
};
const OTHER_REACH_LIMIT_MS = 6 * MINUTE_MS;

/** What a machine does while it is waited for. */
const DOING: Partial<Record<RentalPhase, string>> = {
  preparing: 'making room',
  loading: 'loading its image',
  'starting-again': 'starting',
  restarting: 'restarting',
};

/** What speaks against a machine that has not answered yet. */
export interface ComingProblem {
  readonly failure: Failure;
  /** False when every machine would fail like this one. */
  readonly isMachineAtFault: boolean;
}

/** Why waiting for a machine to come up is over; null while it is not. */
export function comingProblem(
  record: RentalRecord,
  attempt: RentalTryRecord,
  seen: RentedInstance,
  phase: RentalPhase,
  sight: RentalSight,
): ComingProblem | null {
  const said = [`The service says: ${seen.statusText ?? 'nothing'}`];
  if (isLostCause(phase)) {
    const breakdown = breakdownOf(seen.statusText);
    return {
      failure: broken(`The machine broke down before it could be used.${causeOf(breakdown)}`, said),
      isMachineAtFault: breakdown === null || isMachineAtFault(breakdown),
    };
  }
  const message = tooLong(record, attempt, phase, sight);
  if (message === null) return null;
  const evidence = [...(attempt.failingWith ? [attempt.failingWith.message] : []), ...said];
  return { failure: broken(message, evidence), isMachineAtFault: true };
}

function causeOf(breakdown: RentalBreakdown | null): string {
  return breakdown === null ? '' : ` ${BREAKDOWN_WORDS[breakdown]}`;
}

/** The images that no machine of a rental has failed to find. */
export function usableImages(tries: readonly RentalTryRecord[]): readonly RentalImageName[] {
  const missing = new Set(tries.filter(({ failure }) => isOfImage(failure)).map(({ estimate }) => imageOf(estimate)));
  return RENTAL_IMAGE_NAMES.filter((name) => !missing.has(name));
}

/** What the service said comes last in the evidence. */
function isOfImage(failure: Failure | null): boolean {
  const breakdown = breakdownOf(failure?.evidence.at(-1) ?? null);
  return breakdown !== null && !isMachineAtFault(breakdown);
}

function tooLong(
  record: RentalRecord,
  attempt: RentalTryRecord,
  phase: RentalPhase,
  sight: RentalSight,
): string | null {
  const { nowMs, knockedAtMs } = sight;
  const { phaseSinceMs, failingSinceMs, failingWith } = attempt;
  const sinceMs = Math.max(attempt.thereAtMs ?? nowMs, record.startAskedAtMs ?? 0);
  if (nowMs - sinceMs >= COMING_LIMIT_MS) {
    return `The machine could not be used within ${formatDuration(COMING_LIMIT_MS)}.`;
  }
  if (phase === 'running') {
    if (failingWith === null || failingSinceMs === null || knockedAtMs === null) return null;
    const limitMs = REACH_LIMIT_MS[failingWith.code] ?? OTHER_REACH_LIMIT_MS;
    if (nowMs - failingSinceMs < limitMs) return null;
    return `The machine runs and could not be reached by SSH for ${formatDuration(limitMs)}.`;
  }
  const { usualMs } = RENTAL_PHASE_INFO[phase];
  const limitMs = Math.max(PHASE_LEAST_MS, PHASE_FACTOR * (usualMs ?? 0));
  if (phaseSinceMs === null || nowMs - phaseSinceMs < limitMs) return null;
  return `The machine kept ${DOING[phase] ?? 'waiting'} for ${formatDuration(limitMs)}.`;
}

function broken(message: string, evidence: readonly string[]): Failure {
  return new FailureError('rental-machine-broken', message, {
    remedy: 'It is given back, and the next machine is taken.',
    evidence,
    isTransient: true,
  }).failure;
}
