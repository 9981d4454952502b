import type { Failure } from '../domain/failure';
import type { RentalQuestionKind } from '../domain/rental-question';
import { createId } from './create-id';
import { toJson, toRequiredJson } from './json-column';
import { runtime } from './runtime';
import { type Transaction, writeTransaction } from './write-transaction';

export interface ClaimedRentalQuestion {
  readonly id: string;
  readonly kind: RentalQuestionKind;
  readonly subject: string;
}

/** Answers are large and old soon. */
const KEEP = 12;
const WAITING = { in: ['queued', 'running'] };

/** Puts a question, or joins one that waits for its answer already. */
export async function putRentalQuestion(
  transaction: Transaction,
  kind: RentalQuestionKind,
  subject = '',
): Promise<string> {
  const asked = await transaction.rentalQuestion.findFirst({ where: { kind, subject, status: WAITING } });
  if (asked) return asked.id;
  const id = createId();
  await transaction.rentalQuestion.create({ data: { id, kind, subject } });
  return id;
}

/** Forgets all answers: they belong to a key that is no longer there. */
export async function forgetRentalAnswers(transaction: Transaction): Promise<void> {
  await transaction.rentalQuestion.deleteMany();
}

/** Takes the oldest question that waits, now marked as running; null when there is none. */
export async function claimRentalQuestion(): Promise<ClaimedRentalQuestion | null> {
  const where = { status: 'queued' };
  if (!(await runtime().client.rentalQuestion.findFirst({ where, select: { id: true } }))) return null;
  return writeTransaction(async (transaction) => {
    const row = await transaction.rentalQuestion.findFirst({ where, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
    if (!row) return null;
    await transaction.rentalQuestion.update({ where: { id: row.id }, data: { status: 'running' } });
    return { id: row.id, kind: row.kind as RentalQuestionKind, subject: row.subject };
  });
}

/** What came of a question; one that was forgotten meanwhile stays forgotten. Old answers go. */
export async function recordRentalAnswer(
  id: string,
  outcome: { readonly answer: object } | { readonly failure: Failure },
): Promise<void> {
  const data =
    'failure' in outcome
      ? { status: 'failed', failure: toJson(outcome.failure) }
      : { status: 'answered', answer: toRequiredJson(outcome.answer) };
  await writeTransaction(async (transaction) => {
    await transaction.rentalQuestion.updateMany({ where: { id }, data: { ...data, finishedAt: new Date() } });
    const old = await transaction.rentalQuestion.findMany({
      where: { finishedAt: { not: null } },
      orderBy: { createdAt: 'desc' },
      skip: KEEP,
      take: 100,
      select: { id: true },
    });
    if (old.length === 0) return;
    await transaction.rentalQuestion.deleteMany({ where: { id: { in: old.map((row) => row.id) } } });
  });
}

/** Lets questions that a dead process left open be asked again: they only read. Called before the desk opens. */
export async function requeueRentalQuestions(): Promise<void> {
  const { client, writes } = runtime();
  await writes.run(() =>
    client.rentalQuestion.updateMany({ where: { status: 'running' }, data: { status: 'queued' } }),
  );
}
