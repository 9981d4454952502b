import type { RentalRecord, RentalTryRecord } from './rental-record';

/** A job that has taken longer than expected is taken to need this much more. */
const LEAST_LEFT_MS = 30 * 60_000;

/** How long a rental's machine is still needed: by its estimate, within the time that was agreed. */
export function workLeftMs(record: RentalRecord, attempt: RentalTryRecord, nowMs: number): number {
  const doneAtMs = (attempt.thereAtMs ?? nowMs) + attempt.estimate.totalMs;
  const deadlineMs = record.createdAtMs + record.terms.mostMs;
  return Math.max(0, Math.min(Math.max(doneAtMs, nowMs + LEAST_LEFT_MS), deadlineMs) - nowMs);
}
