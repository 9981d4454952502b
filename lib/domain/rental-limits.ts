import { formatDuration } from './duration';
import { type Failure, FailureError } from './failure';
import { formatUsd } from './money';
import { fail, isDue, type RentalAction, write } from './rental-action';
import { presentTry, type RentalRecord, type RentalSight } from './rental-record';
import { filesAre, isSavingOver, mostWithSaving, savingBounds } from './rental-saving';

const SAVE_PAUSE_MS = 20_000;

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

/** Whether a machine is destroyed only by choice: it was agreed to be there afterwards, or a person has stopped it. */
export function isToBeKept({ terms, goal, goalBy }: Pick<RentalRecord, 'terms' | 'goal' | 'goalBy'>): boolean {
  return terms.afterwards !== 'destroy' || (goal === 'stopped' && goalBy === 'person');
}

/**
 * Why a machine would be stopped again if it were started now; null when it may run, if only for bringing files home.
 * @param unsavedCount files that are on it alone
 */
export function startRefusal(record: RentalRecord, nowMs: number, unsavedCount: number): Failure | null {
  const limit = limitFailure(record, nowMs);
  if (limit === null || (unsavedCount > 0 && record.spentNanoUsd < mostWithSaving(record.terms))) return null;
  const remedy = 'Allow more money or time for it first.';
  return new FailureError(limit.code, `${limit.message} It would be stopped again at once.`, { remedy }).failure;
}

/** What a reached limit asks for; null while there is none, or while what can be saved is being saved. */
export function limitAction(record: RentalRecord, sight: RentalSight): RentalAction | null {
  const limit = limitFailure(record, sight.nowMs);
  if (limit === null) return null;
  const { jobs } = sight;
  const attempt = presentTry(record);
  if (attempt?.state !== 'there' || attempt.reachableAtMs === null) return fail(record.failure ?? limit);
  if (jobs.open > 0 || jobs.unsaved.length > 0) return savingAction(record, sight, limit);
  return savedAction(record, limit);
}

function savingAction(record: RentalRecord, sight: RentalSight, limit: Failure): RentalAction | null {
  const { jobs, nowMs } = sight;
  const saving: RentalAction | null = isDue(sight.askedAtMs.save, SAVE_PAUSE_MS, nowMs) ? { kind: 'save' } : null;
  // Nothing comes from a stopped machine, but a job must not wait for it.
  if (record.goal === 'stopped') return jobs.open > 0 ? saving : null;
  if (record.savingSinceMs === null) {
    const text = `${limit.message} Its jobs are ended, and files that are on it alone are brought home: ${savingBounds(record, jobs.unsavedBytes)}.`;
    return write({ rental: { savingSinceMs: nowMs }, event: { level: 'warning', text } });
  }
  if (!isSavingOver(record, sight)) return saving;
  if (jobs.unsaved.length === 0) return savedAction(record, limit);
  const text = `${limit.message} ${filesAre(jobs.unsaved)} on it alone, so it is stopped and not given back.`;
  return write({ rental: { goal: 'stopped', failure: limit }, event: { level: 'alarm', text } });
}

function savedAction(record: RentalRecord, limit: Failure): RentalAction | null {
  if (!isToBeKept(record)) return fail(record.failure ?? limit);
  if (record.goal === 'stopped') return null;
  const text = `${limit.message} It was to be kept, so it is stopped and not given back: its disk is billed on.`;
  return write({ rental: { goal: 'stopped' }, event: { level: 'warning', text } });
}
