import { formatDuration } from './duration';
import { formatUsd } from './money';
import { DEFAULT_CALIBRATION } from './rental-calibration';
import { presentTry, type RentalRecord, type RentalSight } from './rental-record';

const MINUTE_MS = 60_000;
const LEAST_WINDOW_MS = 15 * MINUTE_MS;
/** A line is rarely as fast as it was reckoned with. */
const WINDOW_ROOM = 2;
/** Bytes that came so lately are bytes that still come. */
const ARRIVING_MS = 3 * MINUTE_MS;
const SAVING_SHARE = 0.2;

/** What a rental may cost in all: its budget, and a fifth of it for bringing files home after a limit. */
export function mostWithSaving({ mostNanoUsd }: Pick<RentalRecord['terms'], 'mostNanoUsd'>): number {
  return mostNanoUsd + Math.round(mostNanoUsd * SAVING_SHARE);
}

/** How long after a limit files may take to come home, whether bytes arrive or not: by their size and the line. */
export function savingWindowMs(record: RentalRecord, unsavedBytes: number): number {
  const usualMs = (8000 * unsavedBytes) / homeBitsPerSecond(record);
  return Math.max(LEAST_WINDOW_MS, Math.ceil(WINDOW_ROOM * usualMs));
}

/** As the estimate of the machine has it, which learns from jobs; what is known of lines at all where it says nothing. */
function homeBitsPerSecond(record: RentalRecord): number {
  const bringHomeMs = presentTry(record)?.estimate.times.bringHomeMs ?? 0;
  const { broughtHomeBytes } = record.work;
  if (bringHomeMs <= 0 || broughtHomeBytes <= 0) return DEFAULT_CALIBRATION.homeBitsPerSecond;
  return (8000 * broughtHomeBytes) / bringHomeMs;
}

/** Whether saving that was begun has to end: its money is spent, or its time is over and nothing arrives any more. */
export function isSavingOver(record: RentalRecord, { nowMs, jobs }: RentalSight): boolean {
  if (record.spentNanoUsd >= mostWithSaving(record.terms)) return true;
  const savingMs = nowMs - (record.savingSinceMs ?? nowMs);
  if (savingMs < savingWindowMs(record, jobs.unsavedBytes)) return false;
  return jobs.arrivedAtMs === null || nowMs - jobs.arrivedAtMs >= ARRIVING_MS;
}

/** `for 43m, longer only while bytes arrive, and never beyond $1.20 in all`: what bounds saving. */
export function savingBounds(record: RentalRecord, unsavedBytes: number): string {
  const window = formatDuration(savingWindowMs(record, unsavedBytes));
  return `for ${window}, longer only while bytes arrive, and never beyond ${formatUsd(mostWithSaving(record.terms))} in all`;
}

/** `one file is`, `3 files are`. */
export function filesAre({ length }: readonly string[]): string {
  return length === 1 ? 'one file is' : `${length} files are`;
}
