import { type Failure, isFailureError } from '../../lib/domain/failure';

/** What something fails with. Throws when it does not, and what is no failure of ours. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(() => null).catch((caught: unknown) => caught);
  if (isFailureError(error)) return error.failure;
  throw error ?? new Error('it did not fail');
}

/** The code that something fails with; `null` as a word when it does not. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => null).catch((caught: unknown) => caught);
  return isFailureError(error) ? error.failure.code : String(error);
}
