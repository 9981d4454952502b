import { formatDuration } from './duration';
import { type Failure, FailureError } from './failure';
import { formatUsd } from './money';
import { fail, isDue, type RentalAction, write } from './rental-action';
import { presentTry, type RentalRecord, type RentalSight } from './rental-record';

const MINUTE_MS = 60_000;
/** After a limit, what can be saved is saved for so long and for so much more money, and no longer. */
const SAVING_MS = 15 * MINUTE_MS;
const SAVING_SHARE = 1.2;
const SAVE_PAUSE_MS = 20_000;
/** A machine that no job uses is left alone so long: somebody may be about to use it. */
const IDLE_MS = 20 * MINUTE_MS;
/** After a job that succeeded its own last step gives the machine back; so long it may take for that. */
const DONE_MS = 2 * MINUTE_MS;

/** Which limit of its terms a rental has reached; null for none. */
export function limitFailure(record: RentalRecord, nowMs: number): Failure | null {
  const { terms, spentNanoUsd, createdAtMs } = record;
  const remedy = 'Rent again with a higher limit. What was finished before is kept.';
  if (spentNanoUsd >= terms.mostNanoUsd) {
    const message = `The rental has cost ${formatUsd(spentNanoUsd)}; ${formatUsd(terms.mostNanoUsd)} were agreed.`;
    return new FailureError('rental-budget-reached', message, { remedy }).failure;
  }
  if (nowMs - createdAtMs < terms.mostMs) return null;
  const message = `The rental has reached the time that was agreed, ${formatDuration(terms.mostMs)}.`;
  return new FailureError('rental-deadline-reached', message, { remedy }).failure;
}

/** What a reached limit asks for; null while there is none, or while what can be saved is being saved. */
export function limitAction(record: RentalRecord, sight: RentalSight): RentalAction | null {
  const failure = limitFailure(record, sight.nowMs);
  if (failure === null) return null;
  const { jobs, nowMs } = sight;
  const { savingSinceMs } = record;
  const attempt = presentTry(record);
  const isSaved = jobs.open === 0 && jobs.unsaved.length === 0;
  if (record.goal === 'stopped') return isSaved ? fail(record.failure ?? failure) : null;
  if (attempt?.state !== 'there' || attempt.reachableAtMs === null || isSaved) return fail(failure);
  const isOver =
    record.spentNanoUsd >= record.terms.mostNanoUsd * SAVING_SHARE ||
    nowMs - record.createdAtMs >= record.terms.mostMs + SAVING_MS ||
    (savingSinceMs !== null && nowMs - savingSinceMs >= SAVING_MS);
  if (!isOver) return isDue(sight.askedAtMs.save, SAVE_PAUSE_MS, nowMs) ? { kind: 'save' } : null;
  if (jobs.unsaved.length === 0) return fail(failure);
  const text = `${failure.message} ${jobs.unsaved.length} files are on it alone, so it is stopped and not given back.`;
  return write({ rental: { goal: 'stopped', failure }, event: { level: 'alarm', text } });
}

/** A machine that runs and is billed while no job uses it. */
export function idleAction(record: RentalRecord, sight: RentalSight): RentalAction | null {
  const { jobs, nowMs } = sight;
  if (record.state !== 'ready' || record.goal !== 'running') return null;
  const isIdle = jobs.open === 0 && jobs.saving === 0;
  if (isIdle !== (record.idleSinceMs !== null)) return write({ rental: { idleSinceMs: isIdle ? nowMs : null } });
  if (record.idleSinceMs === null || jobs.ended === 0) return null;
  const idleMs = nowMs - record.idleSinceMs;
  const isSaved = jobs.unsaved.length === 0;
  if (idleMs < (isSaved && jobs.hasSucceeded ? DONE_MS : IDLE_MS)) return null;
  if (!isSaved) {
    const text = `No job used the machine for ${formatDuration(idleMs)}, and ${jobs.unsaved.length} files are on it alone: it is stopped, so that only its disk is billed.`;
    return write({ rental: { goal: 'stopped' }, event: { level: 'warning', text } });
  }
  const { afterwards } = record.terms;
  if (afterwards === 'keep') return null;
  const text = `Its job has ended and nothing on it is unsaved: it is ${afterwards === 'stop' ? 'stopped' : 'given back'}.`;
  return write({ rental: { goal: afterwards === 'stop' ? 'stopped' : 'gone' }, event: { level: 'note', text } });
}
