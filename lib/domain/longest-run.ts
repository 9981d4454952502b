import { presentTry, type RentalRecord } from './rental-record';
import { mostWithSaving, savingWindowMs } from './rental-saving';

const HOUR_SECONDS = 3600;

/**
 * For how many seconds from now a machine may run that nobody looks after, whatever runs there: until its time or its
 * money is over, whichever comes first, each with the room that bringing files home has.
 */
export function longestRunSeconds(record: RentalRecord, nowMs: number): number {
  const { terms, work, createdAtMs, spentNanoUsd, seen } = record;
  const timeMs = createdAtMs + terms.mostMs + savingWindowMs(record, work.broughtHomeBytes) - nowMs;
  const estimated = presentTry(record)?.estimate.nanoUsdPerHour ?? terms.mostNanoUsdPerHour;
  const perHour = Math.max(1, seen?.runningNanoUsdPerHour ?? estimated);
  const money = (HOUR_SECONDS * (mostWithSaving(terms) - spentNanoUsd)) / perHour;
  return Math.max(0, Math.ceil(Math.min(timeMs / 1000, money)));
}
