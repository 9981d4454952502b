import { costOfTime } from '../domain/money';
import { rentalTermsSchema } from '../domain/rental';
import { type BilledRental, endOfMonth, type RentalMonth, rentalMonthOf, startOfMonth } from '../domain/rental-month';
import { mostWithSaving } from '../domain/rental-saving';
import { chargedNanoUsd, type RentalCharge, type RentedInstance } from '../domain/rented-instance';
import type { Rental } from './generated/client';
import { fromJson } from './json-column';
import { runtime } from './runtime';
import { readSetting } from './settings-store';
import type { Transaction } from './write-transaction';

/** This month's money for rented machines, and the limit that the person set; null for none. */
export interface RentalMonthView extends RentalMonth {
  readonly limitNanoUsd: number | null;
}

const BILLED = {
  terms: true,
  goal: true,
  seen: true,
  spentNanoUsd: true,
  charges: true,
  endedAt: true,
} as const;

/** The present month (UTC). Inside a transaction `reader` is the transaction. */
export async function findRentalMonth(
  reader: Pick<Transaction, 'rental' | 'setting'> = runtime().client,
): Promise<RentalMonthView> {
  const now = new Date();
  const rows = await reader.rental.findMany({
    where: { OR: [{ endedAt: null }, { endedAt: { gte: startOfMonth(now) } }] },
    select: BILLED,
  });
  const limit = await readSetting('rentalMonthNanoUsd', reader);
  return {
    limitNanoUsd: typeof limit === 'number' ? limit : null,
    ...rentalMonthOf(rows.map((row) => toBilledRental(row, now))),
  };
}

function toBilledRental(row: Pick<Rental, keyof typeof BILLED>, now: Date): BilledRental {
  const terms = rentalTermsSchema.parse(row.terms);
  const isHeld = row.goal === 'stopped' || terms.afterwards !== 'destroy';
  const storage = fromJson<RentedInstance>(row.seen)?.storageNanoUsdPerHour ?? 0;
  return {
    hasEnded: row.endedAt !== null,
    spentNanoUsd: Number(row.spentNanoUsd),
    chargedNanoUsd: row.endedAt === null ? null : chargedNanoUsd(fromJson<RentalCharge[]>(row.charges)),
    mostNanoUsd: mostWithSaving(terms),
    heldNanoUsd: isHeld ? costOfTime(storage, endOfMonth(now).getTime() - now.getTime()) : 0,
  };
}
