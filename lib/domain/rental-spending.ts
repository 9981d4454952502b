import { formatDuration } from './duration';
import { costOfTime, costOfTraffic, formatUsd } from './money';
import type { RentalChange } from './rental-action';
import { isToBeKept } from './rental-limits';
import { RENTAL_PHASE_INFO, seenPhaseOf } from './rental-phase';
import { openTries, type RentalRecord, type RentalSight, type RentalTryRecord } from './rental-record';
import type { RentedInstance } from './rented-instance';
import { WARNING_SHARE } from './warning-share';

/** A rental's money, reckoned up to now. */
export interface RentalSpending {
  readonly spentNanoUsd: number;
  readonly spentDiskNanoUsd: number;
  readonly spentTrafficNanoUsd: number;
  readonly spentUntilMs: number;
  /** The present machine as the newest list has it; null when it does not. */
  readonly seen: RentedInstance | null;
  /** Told once, when four fifths of a limit are reached. */
  readonly event: RentalChange['event'] | null;
}

/**
 * What a rental has cost up to now: for each of its machines the time since the last reckoning, at the dearer of the rates
 * that it began and ended with, and the traffic that the service counted. Never reckoned low: a limit must not come late.
 */
export function reckonSpending(record: RentalRecord, sight: RentalSight): RentalSpending {
  const { nowMs, list } = sight;
  const fromMs = record.spentUntilMs ?? nowMs;
  const machines = openTries(record).filter(({ serviceId }) => serviceId !== null);
  let { spentNanoUsd: spent, spentDiskNanoUsd, spentTrafficNanoUsd } = record;
  let seen: RentedInstance | null = null;
  for (const attempt of machines) {
    const now = list?.instances.find(({ id }) => id === attempt.serviceId) ?? null;
    const before = record.seen?.id === attempt.serviceId ? record.seen : null;
    const rates = [before ?? now, now ?? before].map((each) => ratesOf(record, attempt, each, nowMs));
    if (list === null && !isAtRest(record)) rates.push(fullRates(attempt, before));
    const { total, disk } = rates.reduce((dearest, each) => (each.total > dearest.total ? each : dearest));
    const durationMs = Math.max(0, Math.round(nowMs - Math.max(fromMs, attempt.thereAtMs ?? fromMs)));
    const traffic = costOfNewTraffic(attempt, before, now);
    spent += costOfTime(total, durationMs) + traffic;
    spentDiskNanoUsd += costOfTime(disk, durationMs);
    spentTrafficNanoUsd += traffic;
    if (attempt.state === 'there' || before !== null) seen = now;
  }
  const event = limitWarning(record, spent, fromMs, nowMs);
  return { spentNanoUsd: spent, spentDiskNanoUsd, spentTrafficNanoUsd, spentUntilMs: nowMs, seen, event };
}

/** Prices of an hour, in billionths of a dollar. */
interface Rates {
  readonly total: number;
  /** The part of it that the disk costs. */
  readonly disk: number;
}

/** Nobody sees it, and it may run by now. */
function fullRates(attempt: RentalTryRecord, before: RentedInstance | null): Rates {
  const total = before?.runningNanoUsdPerHour ?? attempt.estimate.nanoUsdPerHour;
  return { total, disk: Math.min(total, before?.storageNanoUsdPerHour ?? diskRate(attempt)) };
}

/** Stopped as somebody wanted it: it does not start by itself. */
function isAtRest({ goal, state }: RentalRecord): boolean {
  return goal === 'stopped' && state === 'stopped';
}

function diskRate({ estimate, offer }: RentalTryRecord): number {
  return Math.max(0, estimate.nanoUsdPerHour - offer.baseNanoUsdPerHour);
}

/** An hour of a machine, as it was seen; before it was, at the price of its disk, which is billed from the first second. */
function ratesOf(record: RentalRecord, attempt: RentalTryRecord, seen: RentedInstance | null, nowMs: number): Rates {
  const { nanoUsdPerHour: running } = attempt.estimate;
  const storage = seen?.storageNanoUsdPerHour ?? diskRate(attempt);
  if (seen === null) return { total: storage, disk: storage };
  const { billing } = RENTAL_PHASE_INFO[seenPhaseOf(record, seen, nowMs)];
  if (billing === 'none') return { total: 0, disk: 0 };
  const total = billing === 'storage' ? storage : (seen.runningNanoUsdPerHour ?? running);
  return { total, disk: Math.min(storage, total) };
}

function costOfNewTraffic(attempt: RentalTryRecord, before: RentedInstance | null, now: RentedInstance | null): number {
  // Counters begin with the instance. Of a former machine the last reading is not kept once the next one is there.
  if (now === null || (before === null && attempt.state !== 'there')) return 0;
  const grown = (name: 'downBilledBytes' | 'upBilledBytes') => Math.max(0, (now[name] ?? 0) - (before?.[name] ?? 0));
  return (
    costOfTraffic(now.downNanoUsdPerGb ?? attempt.offer.downNanoUsdPerGb, grown('downBilledBytes')) +
    costOfTraffic(now.upNanoUsdPerGb ?? attempt.offer.upNanoUsdPerGb, grown('upBilledBytes'))
  );
}

function limitWarning(record: RentalRecord, spent: number, fromMs: number, nowMs: number): RentalSpending['event'] {
  const { terms, spentNanoUsd, createdAtMs } = record;
  const budget = terms.mostNanoUsd * WARNING_SHARE;
  if (spentNanoUsd < budget && spent >= budget) {
    const text = `${formatUsd(spent)} of ${formatUsd(terms.mostNanoUsd)} are spent. ${atLimit(record)}`;
    return { level: 'warning', text };
  }
  const warningAtMs = createdAtMs + terms.mostMs * WARNING_SHARE;
  if (fromMs >= warningAtMs || nowMs < warningAtMs) return null;
  const text = `${formatDuration(nowMs - createdAtMs)} of ${formatDuration(terms.mostMs)} have passed. ${atLimit(record)}`;
  return { level: 'warning', text };
}

function atLimit(record: RentalRecord): string {
  const end = isToBeKept(record) ? 'stopped, and its disk billed on' : 'given back';
  return `At the limit what can be saved is saved, then the machine is ${end}.`;
}
