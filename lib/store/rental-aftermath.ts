import type { Failure } from '../domain/failure';
import type { EndedRental } from '../domain/rental-account';
import type { RentalCharge } from '../domain/rented-instance';
import { fromJson, toJson } from './json-column';
import { appendToOutbox } from './outbox';
import { runtime } from './runtime';
import { writeTransaction } from './write-transaction';

/**
 * Rentals that ended since then; the bill of a day may grow until the day is over. Those that no charges are known of are
 * listed for longer.
 */
export async function listEndedRentals(sinceMs: number, missingSinceMs: number): Promise<EndedRental[]> {
  const missing = { endedAt: { gte: new Date(missingSinceMs) }, charges: { equals: toJson(null) } };
  const rows = await runtime().client.rental.findMany({
    where: { OR: [{ endedAt: { gte: new Date(sinceMs) } }, missing], tries: { some: { serviceId: { not: null } } } },
    include: { tries: { select: { serviceId: true, label: true, accountId: true } } },
    orderBy: { endedAt: 'asc' },
  });
  return rows.map((row) => ({
    id: row.id,
    createdAtMs: row.createdAt.getTime(),
    endedAtMs: row.endedAt?.getTime() ?? 0,
    chargesAtMs: row.chargesAt?.getTime() ?? null,
    accountId: row.tries.find(({ accountId }) => accountId !== null)?.accountId ?? null,
    serviceIds: row.tries.flatMap(({ serviceId }) => serviceId ?? []),
    labels: row.tries.map(({ label }) => label),
  }));
}

/** What the service charged, as far as it says; null keeps what was known and notes that it was asked. */
export async function recordRentalCharges(
  rentalId: string,
  charges: readonly RentalCharge[] | null,
  nowMs: number,
): Promise<void> {
  await writeTransaction(async (transaction) => {
    const told = charges === null ? {} : { charges: toJson(charges) };
    await transaction.rental.update({ where: { id: rentalId }, data: { chargesAt: new Date(nowMs), ...told } });
    await appendToOutbox(transaction, 'rental', rentalId);
  });
}

/** The last lines that the container of a try wrote, cleaned and bounded. */
export async function recordContainerLog(tryId: string, containerLog: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    const { rentalId } = await transaction.rentalTry.update({ where: { id: tryId }, data: { containerLog } });
    await appendToOutbox(transaction, 'rental', rentalId);
  });
}

/** A line of a rental's story. */
export async function noteRental(
  rentalId: string,
  level: 'note' | 'warning',
  text: string,
  nowMs: number,
): Promise<void> {
  await writeTransaction(async (transaction) => {
    await transaction.rentalEvent.create({ data: { rentalId, level, text, at: new Date(nowMs) } });
    await appendToOutbox(transaction, 'rental', rentalId);
  });
}

/** Why the newest request to the service failed; null for one that did not. The same again is not written again. */
export async function recordRequestFailure(rentalId: string, failure: Failure | null): Promise<void> {
  await writeTransaction(async (transaction) => {
    const row = await transaction.rental.findUnique({ where: { id: rentalId }, select: { requestFailure: true } });
    const known = fromJson<Failure>(row?.requestFailure ?? null);
    if (row === null || (known?.code === failure?.code && known?.message === failure?.message)) return;
    await transaction.rental.update({ where: { id: rentalId }, data: { requestFailure: toJson(failure) } });
    await appendToOutbox(transaction, 'rental', rentalId);
  });
}
