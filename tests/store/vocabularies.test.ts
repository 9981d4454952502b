import { afterAll, beforeAll, expect, it } from 'vitest';
import { KNOWN_VOCABULARIES } from '../../lib/model/known-vocabularies';
import type { KnownVocabulary } from '../../lib/model/known-vocabulary';
import { runtime } from '../../lib/store/runtime';
import { keepVocabulary, listVocabularies, MOST_VOCABULARIES } from '../../lib/store/vocabulary-store';
import { openTestDatabase, type TestDatabase } from '../support/test-database';

const ONE = KNOWN_VOCABULARIES[0] as KnownVocabulary;
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('keeps each vocabulary once, as it was, and lets the oldest go', async () => {
  await keepVocabulary(ONE);
  await keepVocabulary(ONE);
  expect(await listVocabularies()).toEqual([ONE]);
  await runtime().client.vocabulary.updateMany({ data: { learnedAt: new Date(0) } });
  for (let at = 0; at < MOST_VOCABULARIES; at += 1) await keepVocabulary({ ...ONE, name: `n${at}` });
  const names = (await listVocabularies()).map(({ name }) => name);
  expect(names).toHaveLength(MOST_VOCABULARIES);
  expect(names).not.toContain(ONE.name);
});

it('does not use one that was made for another text, and keeps none of absurd size', async () => {
  await runtime().client.vocabulary.deleteMany();
  await keepVocabulary({ ...ONE, name: 'x'.repeat(100_000) });
  expect(await listVocabularies()).toEqual([]);
  await runtime().client.vocabulary.create({ data: { id: 'of another version', description: JSON.stringify(ONE) } });
  expect(await listVocabularies()).toEqual([]);
});
