import { formatDuration } from './duration';
import { type RentalAction, write } from './rental-action';
import type { RentalRecord, RentalSight } from './rental-record';
import { filesAre } from './rental-saving';

/** A machine that no job uses is left alone so long: somebody may be about to use it. */
const IDLE_MS = 20 * 60_000;
/** After a job that succeeded its own last step gives the machine back; so long it may take for that. */
const DONE_MS = 2 * 60_000;

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
    const text = `No job used the machine for ${formatDuration(idleMs)}, and ${filesAre(jobs.unsaved)} on it alone: it is stopped, so that only its disk is billed.`;
    return write({ rental: { goal: 'stopped' }, event: { level: 'warning', text } });
  }
  const { afterwards } = record.terms;
  if (afterwards === 'keep') return null;
  const text = `Its job has ended and nothing on it is unsaved: it is ${afterwards === 'stop' ? 'stopped' : 'given back'}.`;
  return write({ rental: { goal: afterwards === 'stop' ? 'stopped' : 'gone' }, event: { level: 'note', text } });
}
