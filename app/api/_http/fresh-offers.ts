import { askRentalService } from '../../../lib/commands/ask-rental-service';
import { FailureError, failureError } from '../../../lib/domain/failure';
import type { Offer } from '../../../lib/domain/offer';
import { findNewestOfferLook, findOfferLooks, type OfferLook } from '../../../lib/store/rental-question-views';
import { lookUntil } from './look-until';

const FRESH_MS = 60_000;

export interface FreshOffers {
  readonly offers: readonly Offer[];
  readonly lookedAt: string;
}

/**
 * The market for a disk of a size, not older than a minute; the server is asked to look when it is.
 * @throws FailureError what the service said, or `rental-unreachable` when no answer came in the time of a request.
 */
export async function freshOffers(diskGb: number, signal: AbortSignal): Promise<FreshOffers> {
  const { lastAnswered } = await findOfferLooks(diskGb);
  const known = offersOf(lastAnswered);
  if (known && Date.now() - Date.parse(known.lookedAt) < FRESH_MS) return known;
  await askRentalService({ kind: 'offers', diskGb });
  // The last answer, hundreds of offers, is not read again with each look.
  const newest = await lookUntil(
    signal,
    () => findNewestOfferLook(diskGb),
    (look) => look !== null && look.finishedAt !== null,
  );
  if (newest?.failure) throw failureError(newest.failure);
  const found = offersOf(newest);
  if (found) return found;
  throw new FailureError('rental-unreachable', 'The rental service has not answered within 25 s.', {
    remedy: 'Ask again: the question stays, and its answer may be there by then.',
    isTransient: true,
  });
}

function offersOf(look: OfferLook | null): FreshOffers | null {
  return look?.answer && look.finishedAt ? { offers: look.answer.offers, lookedAt: look.finishedAt } : null;
}
