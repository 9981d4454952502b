import { runtime } from './runtime';
import type { Transaction } from './write-transaction';

/** A change of `rental` may be one of a rental, of a stray or of the account as a whole: its readers look at all of it. */
export type OutboxTopic = 'job' | 'artifact' | 'instance' | 'rental';

export interface OutboxEntry {
  readonly sequence: number;
  readonly topic: string;
  readonly subjectId: string;
}

/** Notes, inside the transaction that changed it, that browsers should hear of a thing. */
export async function appendToOutbox(transaction: Transaction, topic: OutboxTopic, subjectId: string): Promise<void> {
  await transaction.outbox.create({ data: { topic, subjectId } });
}

/** Entries after a sequence, ascending, at most `limit`. */
export async function readOutbox(afterSequence: number, limit = 500): Promise<OutboxEntry[]> {
  return runtime().client.outbox.findMany({
    where: { sequence: { gt: afterSequence } },
    orderBy: { sequence: 'asc' },
    take: limit,
    select: { sequence: true, topic: true, subjectId: true },
  });
}

/** The newest sequence, 0 when nothing was ever written: where a reader begins that wants only news. */
export async function newestOutboxSequence(): Promise<number> {
  const { _max } = await runtime().client.outbox.aggregate({ _max: { sequence: true } });
  return _max.sequence ?? 0;
}

/** Deletes all but the newest `keep` entries; sequences are never used again. Answers how many went. */
export async function pruneOutbox(keep = 5000): Promise<number> {
  const { client, writes } = runtime();
  const newest = await newestOutboxSequence();
  const result = await writes.run(() => client.outbox.deleteMany({ where: { sequence: { lte: newest - keep } } }));
  return result.count;
}
