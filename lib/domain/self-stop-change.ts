import type { RentalChange } from './rental-action';
import type { RentalTryRecord } from './rental-record';
import { type SelfStop, selfStopProblem } from './self-stop';

/** What to write down when a machine answers otherwise than before; null when it does not. */
export function selfStopChange(attempt: RentalTryRecord, selfStop: SelfStop): RentalChange | null {
  if (attempt.selfStop === selfStop) return null;
  const change = { attempt: { id: attempt.id, from: 'there', selfStop } } as const;
  const problem = selfStopProblem(selfStop);
  if (problem !== null) return { ...change, event: { level: 'warning', text: problem } };
  if (attempt.selfStop === null) return change;
  return { ...change, event: { level: 'note', text: 'The machine can stop itself now.' } };
}
