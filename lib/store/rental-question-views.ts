import type { Failure } from '../domain/failure';
import type { Offer } from '../domain/offer';
import type {
  RentalKeyReport,
  RentalQuestionKind,
  RentalQuestionStatus,
  RentalQuestionView,
} from '../domain/rental-question';
import { fromJson } from './json-column';
import { runtime } from './runtime';

/** What the service said last about the key; null when it was never asked about this key. */
export function newestKeyCheck(): Promise<RentalQuestionView<RentalKeyReport> | null> {
  return newest<RentalKeyReport>('key', '');
}

export type OfferLook = RentalQuestionView<{ readonly offers: readonly Offer[] }>;

/**
 * Looks at the market for a disk of this size: the newest, and the last that brought offers. They are not the same while
 * another one is on its way or after one that failed, which must not make the market look empty.
 */
export async function findOfferLooks(
  diskGb: number,
): Promise<{ readonly newest: OfferLook | null; readonly lastAnswered: OfferLook | null }> {
  const subject = String(diskGb);
  const last = await findNewestOfferLook(diskGb);
  // Usually they are one: an answer holds hundreds of offers, so it is not read twice.
  if (last === null || last.status === 'answered') return { newest: last, lastAnswered: last };
  return { newest: last, lastAnswered: await newest<{ offers: Offer[] }>('offers', subject, 'answered') };
}

/** The newest look for a disk of this size, answered or not. */
export function findNewestOfferLook(diskGb: number): Promise<OfferLook | null> {
  return newest<{ offers: Offer[] }>('offers', String(diskGb));
}

async function newest<Answer>(
  kind: RentalQuestionKind,
  subject: string,
  status?: RentalQuestionStatus,
): Promise<RentalQuestionView<Answer> | null> {
  const row = await runtime().client.rentalQuestion.findFirst({
    where: { kind, subject, ...(status ? { status } : {}) },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  if (!row) return null;
  return {
    id: row.id,
    status: row.status as RentalQuestionStatus,
    answer: fromJson<Answer>(row.answer),
    failure: fromJson<Failure>(row.failure),
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
