import { type Failure, FailureError } from './failure';
import { fail, isDue, pauseAfter, type RentalAction, settle, WAIT } from './rental-action';
import type { RentalRecord, RentalSight, RentalTryRecord } from './rental-record';
import { isUnknown } from './rental-release';

const MINUTE_MS = 60_000;
const CHOOSE_PAUSE_MS = 5000;
/** A former machine whose end is not proven holds the next one back for so long, and no longer. */
const UNPROVEN_PAUSE_MS = 2 * MINUTE_MS;
/** Offers may be taken by others while one of them is asked for: that uses up no try, within reason. */
const MORE_ORDERS = 12;
const LOOKING_LIMIT_MS = 30 * MINUTE_MS;

/** Failures of an order that say nothing about the next one. */
const PASSING = new Set<Failure['code']>([
  'rental-offer-gone',
  'rental-price-changed',
  'rental-rate-limited',
  'rental-unreachable',
  'rental-answer-invalid',
]);
/** Failures of an order that every other one would have too. */
const FINAL = new Set<Failure['code']>([
  'rental-key-missing',
  'rental-key-refused',
  'rental-key-expired',
  'rental-key-two-factor',
  'rental-key-scope',
  'rental-key-team',
  'rental-key-mismatch',
  'rental-no-credit',
  'rental-spend-limit',
  'invalid-input',
]);

/** Whether a try counts against `mostTries`: a machine may have come of it. */
export function isMachine(attempt: RentalTryRecord): boolean {
  if (attempt.thereAtMs !== null || isUnknown(attempt.failure)) return true;
  return attempt.failure !== null && !PASSING.has(attempt.failure.code);
}

/** Whether a failure ends a rental that has no machine: every other request would fail like this one. */
export function isHopeless(failure: Failure): boolean {
  return FINAL.has(failure.code);
}

/** Without a machine: the next offer, or the end of it. */
export function lookingAction(record: RentalRecord, sight: RentalSight): RentalAction {
  const { nowMs, askedAtMs, failures } = sight;
  const { tries, terms } = record;
  const isUnproven = tries.some(
    (each) => each.state === 'releasing' && nowMs - (each.releasedAtMs ?? nowMs) < UNPROVEN_PAUSE_MS,
  );
  const last = tries.at(-1)?.failure ?? null;
  if (last !== null && isHopeless(last)) return fail(last);
  const isOver =
    tries.filter(isMachine).length >= terms.mostTries ||
    tries.length >= terms.mostTries + MORE_ORDERS ||
    (record.state === 'looking' && nowMs - record.stateSinceMs >= LOOKING_LIMIT_MS);
  if (isOver) return fail(gaveUp(record));
  if (isUnproven) return settle(record, 'looking') ?? WAIT;
  const passed = tries.length - tries.filter(isMachine).length;
  if (!isDue(askedAtMs.choose, pauseAfter(Math.max(failures, passed), CHOOSE_PAUSE_MS), nowMs)) return WAIT;
  return settle(record, 'looking') ?? { kind: 'choose' };
}

function gaveUp({ tries, terms }: RentalRecord): Failure {
  const machines = tries.filter(isMachine).length;
  return new FailureError(
    'rental-gave-up',
    machines >= terms.mostTries
      ? `${machines} of ${terms.mostTries} machines were tried, and none could be used.`
      : `No machine could be rented: ${tries.length} offers were asked for.`,
    {
      remedy: 'Look at the reasons below, then try again with other offers.',
      evidence: tries.flatMap(({ ordinal, failure }) => (failure ? [`${ordinal}: ${failure.message}`] : [])),
    },
  ).failure;
}
