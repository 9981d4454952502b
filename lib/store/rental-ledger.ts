import type { NewRentalTry } from '../domain/rental-account';
import type { RentalChange } from '../domain/rental-action';
import type { RentalRecord } from '../domain/rental-record';
import type { RentalSpending } from '../domain/rental-spending';
import type { RentedInstance } from '../domain/rented-instance';
import { addLook, type UtilizationLook } from '../domain/utilization-trail';
import type { Prisma } from './generated/client';
import { fromJson, toJson, toRequiredJson } from './json-column';
import { appendToOutbox } from './outbox';
import { type Transaction, writeTransaction } from './write-transaction';

/** A machine that went wrong is not rented again for so long. */
const AVOIDED_MS = 3 * 86_400_000;

/**
 * Writes a change of a rental, if its goal, its state and the try in question are still as they were read; else nothing is
 * changed and the answer is false.
 */
export function changeRental(record: RentalRecord, change: RentalChange, nowMs: number): Promise<boolean> {
  return guarded(async (transaction) => {
    const now = new Date(nowMs);
    await touchRental(transaction, record, rentalColumns(record, change, now));
    if (change.attempt) {
      const { id, from } = change.attempt;
      // What is to be sent must not have been sent: the condition that makes it happen once.
      const unsent =
        change.attempt.sentAtMs !== undefined && change.attempt.failure === undefined ? { sentAt: null } : {};
      const where = { id, state: from, ...unsent };
      require(await transaction.rentalTry.updateMany({ where, data: tryColumns(change.attempt) }));
    }
    if (change.hasNewMachine) await forgetMachine(transaction, record.instanceId);
    if (change.hasEnded) await loseFiles(transaction, record.instanceId);
    if (change.avoids) {
      const { machineId, reason } = change.avoids;
      const avoided = { reason, until: new Date(nowMs + AVOIDED_MS) };
      await transaction.avoidedMachine.upsert({
        where: { machineId },
        create: { machineId, ...avoided },
        update: avoided,
      });
    }
    if (change.event) await transaction.rentalEvent.create({ data: { rentalId: record.id, at: now, ...change.event } });
  });
}

/** Writes the next try down, if the rental is wanted and has none open. Its state becomes `asking`. */
export function addRentalTry(record: RentalRecord, attempt: NewRentalTry, nowMs: number): Promise<boolean> {
  return guarded(async (transaction) => {
    const now = new Date(nowMs);
    await touchRental(transaction, { ...record, goal: 'running' }, { state: 'asking', stateSince: now });
    const open = await transaction.rentalTry.count({
      where: { rentalId: record.id, state: { in: ['asking', 'there'] } },
    });
    if (open > 0) throw new Outdated();
    await transaction.rentalTry.create({
      data: {
        id: attempt.id,
        rentalId: record.id,
        ordinal: record.tries.length + 1,
        label: attempt.label,
        machineId: attempt.offer.machineId,
        accountId: attempt.accountId,
        offer: toRequiredJson(attempt.offer),
        estimate: toRequiredJson(attempt.estimate),
        createdAt: now,
      },
    });
  });
}

/** Writes the money down that was reckoned from the record, and what was seen. */
export function recordSpending(record: RentalRecord, spending: RentalSpending): Promise<boolean> {
  return guarded(async (transaction) => {
    const now = new Date(spending.spentUntilMs);
    const where = { id: record.id, spentUntil: record.spentUntilMs === null ? null : new Date(record.spentUntilMs) };
    const { seen, event } = spending;
    const trail = seen === null ? null : await utilizationWith(transaction, record.id, seen, spending.spentUntilMs);
    const data = {
      spentNanoUsd: BigInt(spending.spentNanoUsd),
      spentDiskNanoUsd: BigInt(spending.spentDiskNanoUsd),
      spentTrafficNanoUsd: BigInt(spending.spentTrafficNanoUsd),
      spentUntil: now,
      ...(seen === null ? {} : { seen: toJson(seen), seenAt: now, utilization: toJson(trail) }),
    };
    require(await transaction.rental.updateMany({ where, data }));
    if (event) await transaction.rentalEvent.create({ data: { rentalId: record.id, at: now, ...event } });
    await appendToOutbox(transaction, 'rental', record.id);
  });
}

async function utilizationWith(transaction: Transaction, rentalId: string, seen: RentedInstance, nowMs: number) {
  const row = await transaction.rental.findUnique({ where: { id: rentalId }, select: { utilization: true } });
  return addLook(fromJson<UtilizationLook[]>(row?.utilization ?? null) ?? [], seen, nowMs);
}

/** The row is no longer as it was read. */
class Outdated extends Error {}

function require({ count }: { count: number }): void {
  if (count === 0) throw new Outdated();
}

async function guarded(work: (transaction: Transaction) => Promise<void>): Promise<boolean> {
  try {
    await writeTransaction(work);
    return true;
  } catch (error) {
    if (error instanceof Outdated) return false;
    throw error;
  }
}

async function touchRental(
  transaction: Transaction,
  { id, goal, goalAtMs, state, instanceId }: RentalRecord,
  data: Prisma.RentalUpdateManyMutationInput,
): Promise<void> {
  const where = { id, goal, goalAt: new Date(goalAtMs), state };
  require(await transaction.rental.updateMany({ where, data }));
  await appendToOutbox(transaction, 'rental', id);
  await appendToOutbox(transaction, 'instance', instanceId);
}

function rentalColumns(record: RentalRecord, change: RentalChange, now: Date): Prisma.RentalUpdateManyMutationInput {
  const {
    goal,
    state = record.state,
    failure,
    alarm,
    idleSinceMs,
    startAskedAtMs,
    restartWantedAtMs,
    savingSinceMs,
  } = change.rental ?? {};
  return {
    state,
    ...(state === record.state ? {} : { stateSince: now }),
    ...(goal === undefined ? {} : { goal, goalAt: now, goalBy: 'keeper', restartWantedAt: null }),
    ...(failure === undefined ? {} : { failure: toJson(failure) }),
    ...(alarm === undefined ? {} : { alarm: toJson(alarm) }),
    ...(idleSinceMs === undefined ? {} : { idleSince: dateOf(idleSinceMs) }),
    ...(startAskedAtMs === undefined ? {} : { startAskedAt: dateOf(startAskedAtMs) }),
    ...(restartWantedAtMs === undefined ? {} : { restartWantedAt: restartWantedAtMs }),
    ...(savingSinceMs === undefined ? {} : { savingSince: new Date(savingSinceMs) }),
    ...(change.hasNewMachine ? { seen: toJson(null), seenAt: null, utilization: toJson(null) } : {}),
    ...(change.hasEnded ? { endedAt: now, requestFailure: toJson(null) } : {}),
  };
}

function tryColumns(attempt: NonNullable<RentalChange['attempt']>): Prisma.RentalTryUpdateManyMutationInput {
  const { from, state = from, serviceId, failure, phase, failingWith, selfStop, ...times } = attempt;
  return {
    state,
    ...(serviceId === undefined ? {} : { serviceId }),
    ...(failure === undefined ? {} : { failure: toJson(failure) }),
    ...(phase === undefined ? {} : { phase }),
    ...(selfStop === undefined ? {} : { selfStop }),
    ...(failingWith === undefined ? {} : { failingWith: toJson(failingWith) }),
    ...(times.sentAtMs === undefined ? {} : { sentAt: new Date(times.sentAtMs) }),
    ...(times.thereAtMs === undefined ? {} : { thereAt: new Date(times.thereAtMs) }),
    ...(times.reachableAtMs === undefined ? {} : { reachableAt: new Date(times.reachableAtMs) }),
    ...(times.releasedAtMs === undefined ? {} : { releasedAt: new Date(times.releasedAtMs) }),
    ...(times.goneAtMs === undefined ? {} : { goneAt: new Date(times.goneAtMs) }),
    ...(times.phaseSinceMs === undefined ? {} : { phaseSince: new Date(times.phaseSinceMs) }),
    ...(times.failingSinceMs === undefined ? {} : { failingSince: dateOf(times.failingSinceMs) }),
  };
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

/** What was known of the former machine is not true of the next one; a key that it shows must be a new one. */
async function forgetMachine(transaction: Transaction, instanceId: string): Promise<void> {
  await transaction.instance.update({
    where: { id: instanceId },
    data: {
      hostKeyFingerprint: null,
      facts: toJson(null),
      connection: toJson(null),
      failure: toJson(null),
      checkState: 'never',
      checkedAt: null,
    },
  });
}

async function loseFiles(transaction: Transaction, instanceId: string): Promise<void> {
  const lost = await transaction.artifact.findMany({
    where: { onHost: true, job: { instanceId } },
    select: { id: true },
  });
  for (const { id } of lost) {
    await transaction.artifact.update({ where: { id }, data: { onHost: false } });
    await appendToOutbox(transaction, 'artifact', id);
  }
}
