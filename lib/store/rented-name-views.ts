import { runtime } from './runtime';
import type { Transaction } from './write-transaction';

/** Names of the rentals that have a machine, or may have one soon: only a key of their account can give it back. */
export async function listRentedNames(reader: Pick<Transaction, 'rental'> = runtime().client): Promise<string[]> {
  const rows = await reader.rental.findMany({
    where: { state: { not: 'ended' }, tries: { some: { state: { not: 'gone' }, sentAt: { not: null } } } },
    select: { instance: { select: { name: true } } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return [...new Set(rows.map(({ instance }) => instance.name))];
}
