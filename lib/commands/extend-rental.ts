import * as z from 'zod';
import { FailureError, failureError } from '../domain/failure';
import { formatUsd } from '../domain/money';
import { RENTAL_LIMITS, type RentalTerms, rentalTermsSchema } from '../domain/rental';
import { limitFailure, startRefusal } from '../domain/rental-limits';
import type { RentalRecord } from '../domain/rental-record';
import { mostWithSaving } from '../domain/rental-saving';
import { toJson, toRequiredJson } from '../store/json-column';
import { appendToOutbox } from '../store/outbox';
import { requestUnsavedFiles } from '../store/rental-jobs';
import { findRentalRecord } from '../store/rental-records';
import { setRentalGoal } from '../store/rental-wish-store';
import { wake } from '../store/runtime';
import { listUnsavedFiles } from '../store/unsaved-files';
import { type Transaction, writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';
import { refuseBeyondMonth } from './refuse-over-budget';

export const rentalExtensionSchema = z
  .object({
    /** Billionths of a dollar from what is agreed on, or from what is spent where that is more. */
    moreNanoUsd: z
      .number()
      .int()
      .min(0)
      .max(RENTAL_LIMITS.mostNanoUsd)
      .default(0)
      .describe('Billionths of a US dollar, on top of what is agreed or spent.'),
    /** From the deadline on, or from now where that is past. */
    moreMs: z
      .number()
      .int()
      .min(0)
      .max(RENTAL_LIMITS.mostMs)
      .default(0)
      .describe('Milliseconds, from the deadline on or from now where that is past.'),
    startsAgain: z.boolean().default(false).describe('Start a stopped machine, and bring home what is on it alone.'),
  })
  .refine(({ moreNanoUsd, moreMs }) => moreNanoUsd > 0 || moreMs > 0, { message: 'Allow more money, time, or both.' });

/**
 * Allows a rental more money or time than was agreed, and on wish starts its machine again so that its files come home.
 * Throws `invalid-input`, `not-found`, `conflict` once it is given back, and `rental-budget-reached` or
 * `rental-deadline-reached` when the month does not allow it or it is not enough to start again.
 */
export async function extendRental(rentalId: string, input: z.input<typeof rentalExtensionSchema>): Promise<void> {
  const more = parseInput(rentalExtensionSchema, input);
  const known = await findRentalRecord(rentalId);
  if (known === null) throw new FailureError('not-found', 'There is no such rental.');
  const unsaved = await listUnsavedFiles(known.instanceId);
  await writeTransaction(async (transaction) => {
    const now = new Date();
    const before = (await findRentalRecord(rentalId, transaction)) ?? known;
    if (before.state === 'ended' || before.goal === 'gone') {
      throw new FailureError('conflict', 'This rental has ended or is being given back.', {
        remedy: 'Retry its job to rent another machine.',
      });
    }
    const after = { ...before, terms: extendedTerms(before, more, now.getTime()) };
    const refusal = more.startsAgain ? startRefusal(after, now.getTime(), unsaved.length) : null;
    if (refusal !== null) throw failureError(refusal);
    await refuseBeyondMonth(transaction, promised(after) - promised(before));
    const isWithin = limitFailure(after, now.getTime()) === null;
    await transaction.rental.update({
      where: { id: rentalId },
      // The keeper may have decided by the former terms just now: a newer `goalAt` refuses what it writes.
      data: {
        terms: toRequiredJson(after.terms),
        goalAt: now,
        savingSince: null,
        ...(isWithin ? { failure: toJson(null) } : {}),
      },
    });
    await note(transaction, rentalId, after.terms, now);
    if (more.startsAgain) {
      await setRentalGoal(transaction, rentalId, 'running');
      await requestUnsavedFiles(transaction, known.instanceId, now);
    }
    await appendToOutbox(transaction, 'rental', rentalId);
    await appendToOutbox(transaction, 'instance', known.instanceId);
  });
  wake();
}

function extendedTerms(
  { terms, spentNanoUsd, createdAtMs }: RentalRecord,
  { moreNanoUsd, moreMs }: z.output<typeof rentalExtensionSchema>,
  nowMs: number,
): RentalTerms {
  const money = moreNanoUsd > 0 ? Math.max(terms.mostNanoUsd, spentNanoUsd) + moreNanoUsd : terms.mostNanoUsd;
  const time = moreMs > 0 ? Math.max(terms.mostMs, nowMs - createdAtMs) + moreMs : terms.mostMs;
  return parseInput(rentalTermsSchema, { ...terms, mostNanoUsd: money, mostMs: time });
}

/** What it may still come to. */
function promised({ terms, spentNanoUsd }: Pick<RentalRecord, 'terms' | 'spentNanoUsd'>): number {
  return Math.max(0, mostWithSaving(terms) - spentNanoUsd);
}

async function note(transaction: Transaction, rentalId: string, terms: RentalTerms, at: Date): Promise<void> {
  const until = `${Math.round(terms.mostMs / 360_000) / 10} hours after it was agreed`;
  const text = `More was allowed: ${formatUsd(terms.mostNanoUsd)} in all, until ${until}.`;
  await transaction.rentalEvent.create({ data: { rentalId, at, level: 'note', text } });
}
