import { type Failure, FailureError } from './failure';
import { placeName } from './place-name';
import { isDue, pauseAfter, type RentalAction, release, settle, WAIT, write } from './rental-action';
import { openTries, presentTry, type RentalRecord, type RentalSight, type RentalTryRecord } from './rental-record';

/**
 * So long after a request whose outcome nobody knows its label is looked for before anything else is rented. New instances
 * show within seconds; ten minutes outlive every queue and proxy that was heard of. The label is watched on afterwards.
 */
export const DOUBT_MS = 10 * 60_000;
/** A late instance of a label that was given up is still known to be ours for so long. */
export const LABEL_WATCH_MS = 24 * 3_600_000;
const DESTROY_PAUSE_MS = 5000;

/** Machines that were given back are asked about until they are proven gone, whatever else goes on. */
export function releasingAction(record: RentalRecord, sight: RentalSight): RentalAction | null {
  const attempt = record.tries.find(({ state }) => state === 'releasing');
  if (!attempt || !isDue(sight.askedAtMs.destroy, pauseAfter(sight.failures, DESTROY_PAUSE_MS), sight.nowMs))
    return null;
  return { kind: 'destroy', attempt, change: goneChange(attempt, sight.nowMs, attempt.failure) };
}

export function goneChange(attempt: RentalTryRecord, nowMs: number, failure: Failure | null) {
  const text = `Instance ${attempt.serviceId} is gone: neither its id nor the list of all instances has it any more.`;
  return {
    attempt: { id: attempt.id, from: attempt.state, state: 'gone', goneAtMs: nowMs, failure },
    event: { level: 'note', text },
  } as const;
}

/** What is left to do until nothing of a rental can cost any more. */
export function goneAction(record: RentalRecord, sight: RentalSight): RentalAction {
  const present = presentTry(record);
  if (present === null) {
    if (openTries(record).length > 0 || !isNothingThere(record, sight)) return settle(record, 'releasing') ?? WAIT;
    return write({
      rental: { state: 'ended', alarm: null, idleSinceMs: null },
      hasEnded: true,
      event: { level: 'note', text: endText(record, sight.nowMs) },
    });
  }
  if (present.state === 'asking') return askingAction(record, present, sight);
  return write(release(present, sight.nowMs, present.failure, { state: 'releasing', idleSinceMs: null }));
}

/**
 * A refused order may have left something behind that is on its way out; a whole list that was begun since has to lack it.
 * Not so where the key was refused: nothing came of that, and nothing can be listed with it.
 */
function isNothingThere({ tries }: RentalRecord, { list }: RentalSight): boolean {
  const labels = tries.filter(mayHaveLeft).map(({ label }) => label);
  if (labels.length === 0) return true;
  return list?.instances.every(({ label }) => label === null || !labels.includes(label)) ?? false;
}

function mayHaveLeft({ sentAtMs, failure }: RentalTryRecord): boolean {
  return sentAtMs !== null && !(failure?.code.startsWith('rental-key-') ?? false);
}

function endText(record: RentalRecord, nowMs: number): string {
  const time = new Date(nowMs).toISOString().slice(11, 16);
  const isDoubtful = record.tries.some(
    (each) =>
      each.serviceId === null &&
      each.sentAtMs !== null &&
      nowMs - each.sentAtMs < LABEL_WATCH_MS &&
      isUnknown(each.failure),
  );
  const watch = isDoubtful ? ' A request went without an answer, so its label is watched for a day.' : '';
  return `Billing ended at ${time} UTC, proven: no instance of this rental is there any more.${watch}`;
}

/** A request that was not answered, or that a crash cut: its label tells what came of it. */
export function askingAction(record: RentalRecord, attempt: RentalTryRecord, sight: RentalSight): RentalAction {
  const { nowMs, list } = sight;
  if (attempt.sentAtMs === null) {
    if (record.goal === 'running') return { kind: 'send', attempt };
    return write({
      rental: { state: 'looking' },
      attempt: { id: attempt.id, from: 'asking', state: 'gone', goneAtMs: nowMs },
    });
  }
  if (list === null) return WAIT;
  const found = list.instances.filter(({ label }) => label === attempt.label).map(({ id }) => id);
  const serviceId = found.sort((a, b) => Number(a) - Number(b))[0];
  if (serviceId !== undefined) return write(thereChange(attempt, serviceId, nowMs));
  if (list.readAtMs < Math.max(attempt.sentAtMs, sight.keeperSinceMs) + DOUBT_MS) return WAIT;
  return write({
    rental: { state: 'looking' },
    attempt: { id: attempt.id, from: 'asking', state: 'gone', goneAtMs: nowMs, failure: unknownOutcome(attempt) },
    event: {
      level: 'warning',
      text: 'Ten minutes of whole lists did not show what was asked for without an answer. Its label is watched for a day; should it appear, it is given back.',
    },
  });
}

export function thereChange(attempt: RentalTryRecord, serviceId: string, nowMs: number) {
  return {
    rental: { state: 'coming', startAskedAtMs: null },
    attempt: { id: attempt.id, from: 'asking', state: 'there', serviceId, thereAtMs: nowMs, failure: null },
    hasNewMachine: true,
    event: {
      level: 'note',
      text: `Instance ${serviceId} is ours: ${attempt.offer.gpuName ?? 'a machine'}, ${placeName(attempt.offer.place) ?? 'place not told'}.`,
    },
  } as const;
}

export function isUnknown(failure: Failure | null): boolean {
  return failure?.code === 'rental-outcome-unknown';
}

export function unknownOutcome(attempt: RentalTryRecord): Failure {
  return new FailureError(
    'rental-outcome-unknown',
    'The service was asked for a machine and did not say what came of it.',
    {
      remedy: 'Quantdeck looks for it by its label and rents nothing else meanwhile. There is nothing to do.',
      evidence: [`label ${attempt.label}`],
      isTransient: true,
    },
  ).failure;
}
