import { putRentalQuestion } from '../store/rental-question-store';
import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';

/** What a person may want to know of the rental service. */
export type RentalQuestion = { readonly kind: 'key' } | { readonly kind: 'offers'; readonly diskGb: number };

/** Has the server ask the rental service: what the stored key is good for, or which machines there are for a disk of a size. */
export async function askRentalService(question: RentalQuestion): Promise<void> {
  const subject = question.kind === 'offers' ? String(question.diskGb) : '';
  await writeTransaction((transaction) => putRentalQuestion(transaction, question.kind, subject));
  wake();
}
