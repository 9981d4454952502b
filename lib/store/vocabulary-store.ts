import { type KnownVocabulary, sha256OfJson } from '../model/known-vocabulary';
import { CHECK_TEXT } from '../model/tokenizer-check-text';
import { runtime } from './runtime';
import { writeTransaction } from './write-transaction';

/** A hostile checkpoint can make us learn rubbish; this much of it is harmless. */
export const MOST_VOCABULARIES = 32;
/** A description has 5 to 10 kB. */
const MOST_CHARACTERS = 64 * 1024;

/** The vocabularies that were learned, newest first; at most `MOST_VOCABULARIES`. */
export async function listVocabularies(): Promise<readonly KnownVocabulary[]> {
  const rows = await runtime().client.vocabulary.findMany({
    orderBy: [{ learnedAt: 'desc' }, { id: 'desc' }],
    take: MOST_VOCABULARIES,
  });
  const ids = await Promise.all(rows.map(({ description }) => idOf(description)));
  return rows.filter(({ id }, at) => id === ids[at]).map(({ description }) => JSON.parse(description));
}

/** Keeps one more; the oldest go when there are too many, and one of absurd size is not kept at all. */
export async function keepVocabulary(vocabulary: KnownVocabulary): Promise<void> {
  const description = JSON.stringify(vocabulary);
  if (description.length > MOST_CHARACTERS) return;
  const id = await idOf(description);
  await writeTransaction(async ({ vocabulary: table }) => {
    await table.upsert({ where: { id }, create: { id, description }, update: {} });
    const old = await table.findMany({
      orderBy: [{ learnedAt: 'desc' }, { id: 'desc' }],
      skip: MOST_VOCABULARIES,
      select: { id: true },
    });
    await table.deleteMany({ where: { id: { in: old.map((row) => row.id) } } });
  });
}

/** What the ids of an entry mean hangs on the text that they are of. */
function idOf(description: string): Promise<string> {
  return sha256OfJson([CHECK_TEXT, description]);
}
