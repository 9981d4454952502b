import { NOT_FAILING, type RentalAction, write } from './rental-action';
import { seenPhaseOf } from './rental-phase';
import type { RentalRecord, RentalSight } from './rental-record';

/**
 * Writes down the phase that a machine is seen in and since when, so that patience ends when it should however often the
 * dashboard begins anew; null when nothing has changed, or it is not seen.
 */
export function phaseAction(record: RentalRecord, { nowMs, list }: RentalSight): RentalAction | null {
  const attempt = record.tries.find(({ state }) => state === 'there');
  const seen = list?.instances.find(({ id }) => id === attempt?.serviceId);
  if (!attempt || !seen) return null;
  const phase = seenPhaseOf(record, seen, nowMs);
  if (attempt.phase === phase) return null;
  // Whether it could be reached before says nothing about this phase.
  return write({ attempt: { id: attempt.id, from: 'there', phase, phaseSinceMs: nowMs, ...NOT_FAILING } });
}
