import type { Failure } from '../domain/failure';
import type { Offer } from '../domain/offer';
import { type RentalGoal, type RentalState, type RentalTryState, rentalTermsSchema } from '../domain/rental';
import type { RentalEstimate } from '../domain/rental-estimate';
import type { RentalPhase } from '../domain/rental-phase';
import type { RentalRecord, RentalTryRecord } from '../domain/rental-record';
import type { RentalWork } from '../domain/rental-work';
import type { RentedInstance } from '../domain/rented-instance';
import type { SelfStop } from '../domain/self-stop';
import type { Prisma, RentalTry } from './generated/client';
import { fromJson } from './json-column';
import { runtime } from './runtime';
import type { Transaction } from './write-transaction';

const PARTS = { tries: { orderBy: { ordinal: 'asc' } } } satisfies Prisma.RentalInclude;
type RentalRow = Prisma.RentalGetPayload<{ include: typeof PARTS }>;

/** Rentals that have not ended, the oldest first. */
export async function listOpenRentals(): Promise<RentalRecord[]> {
  const rows = await runtime().client.rental.findMany({
    where: { state: { not: 'ended' } },
    include: PARTS,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toRentalRecord);
}

/** One rental, null when there is none of this id. Inside a transaction `reader` is the transaction. */
export async function findRentalRecord(
  rentalId: string,
  reader: Pick<Transaction, 'rental'> = runtime().client,
): Promise<RentalRecord | null> {
  const row = await reader.rental.findUnique({ where: { id: rentalId }, include: PARTS });
  return row ? toRentalRecord(row) : null;
}

/** The service's id of the machine behind an instance now; null when there is none. */
export async function findRentedMachine(instanceId: string): Promise<string | null> {
  const row = await runtime().client.rentalTry.findFirst({
    where: { state: 'there', rental: { instanceId } },
    select: { serviceId: true },
  });
  return row?.serviceId ?? null;
}

function toRentalRecord(row: RentalRow): RentalRecord {
  return {
    id: row.id,
    instanceId: row.instanceId,
    terms: rentalTermsSchema.parse(row.terms),
    work: row.work as unknown as RentalWork,
    goal: row.goal as RentalGoal,
    goalAtMs: row.goalAt.getTime(),
    goalBy: row.goalBy === 'keeper' ? 'keeper' : 'person',
    state: row.state as RentalState,
    stateSinceMs: row.stateSince.getTime(),
    seen: fromJson<RentedInstance>(row.seen),
    startAskedAtMs: row.startAskedAt?.getTime() ?? null,
    restartWantedAtMs: row.restartWantedAt?.getTime() ?? null,
    idleSinceMs: row.idleSince?.getTime() ?? null,
    savingSinceMs: row.savingSince?.getTime() ?? null,
    spentNanoUsd: Number(row.spentNanoUsd),
    spentDiskNanoUsd: Number(row.spentDiskNanoUsd),
    spentTrafficNanoUsd: Number(row.spentTrafficNanoUsd),
    spentUntilMs: row.spentUntil?.getTime() ?? null,
    failure: fromJson<Failure>(row.failure),
    alarm: fromJson<Failure>(row.alarm),
    requestFailure: fromJson<Failure>(row.requestFailure),
    createdAtMs: row.createdAt.getTime(),
    tries: row.tries.map(toTryRecord),
  };
}

function toTryRecord(row: RentalTry): RentalTryRecord {
  return {
    id: row.id,
    ordinal: row.ordinal,
    state: row.state as RentalTryState,
    label: row.label,
    machineId: row.machineId,
    offer: row.offer as unknown as Offer,
    estimate: row.estimate as unknown as RentalEstimate,
    serviceId: row.serviceId,
    accountId: row.accountId,
    sentAtMs: row.sentAt?.getTime() ?? null,
    thereAtMs: row.thereAt?.getTime() ?? null,
    reachableAtMs: row.reachableAt?.getTime() ?? null,
    releasedAtMs: row.releasedAt?.getTime() ?? null,
    goneAtMs: row.goneAt?.getTime() ?? null,
    failure: fromJson<Failure>(row.failure),
    phase: row.phase as RentalPhase | null,
    phaseSinceMs: row.phaseSince?.getTime() ?? null,
    failingSinceMs: row.failingSince?.getTime() ?? null,
    failingWith: fromJson<Failure>(row.failingWith),
    selfStop: row.selfStop as SelfStop | null,
  };
}
