import { rentalTermsSchema } from '../domain/rental';
import { type RentalMonth, rentalMonthOf, startOfMonth } from '../domain/rental-month';
import { chargedNanoUsd, type RentalCharge } from '../domain/rented-instance';
import { fromJson } from './json-column';
import { runtime } from './runtime';
import { readSetting } from './settings-store';
import type { Transaction } from './write-transaction';

/** This month's money for rented machines, and the limit that the person set; null for none. */
export interface RentalMonthView extends RentalMonth {
  readonly limitNanoUsd: number | null;
}

/** The present month (UTC). Inside a transaction `reader` is the transaction. */
export async function findRentalMonth(
  reader: Pick<Transaction, 'rental' | 'setting'> = runtime().client,
): Promise<RentalMonthView> {
  const from = startOfMonth(new Date());
  const rows = await reader.rental.findMany({
    where: { OR: [{ endedAt: null }, { endedAt: { gte: from } }] },
    select: { terms: true, spentNanoUsd: true, charges: true, endedAt: true },
  });
  const limit = await readSetting('rentalMonthNanoUsd', reader);
  return {
    limitNanoUsd: typeof limit === 'number' ? limit : null,
    ...rentalMonthOf(
      rows.map((row) => ({
        hasEnded: row.endedAt !== null,
        spentNanoUsd: Number(row.spentNanoUsd),
        chargedNanoUsd: row.endedAt === null ? null : chargedNanoUsd(fromJson<RentalCharge[]>(row.charges)),
        mostNanoUsd: rentalTermsSchema.parse(row.terms).mostNanoUsd,
      })),
    ),
  };
}
