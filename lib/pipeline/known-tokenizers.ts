import { randomInt } from 'node:crypto';
import type { ConversionSpec } from '../domain/conversion-spec';
import type { CheckSource } from '../domain/model-check';
import { KNOWN_VOCABULARIES } from '../model/known-vocabularies';
import type { KnownVocabulary } from '../model/known-vocabulary';
import { learnVocabulary } from '../model/learn-vocabulary';
import type { TokenizerFiles } from '../model/tokenizer-files';
import type { PipelineDependencies } from './step-context';

type LearningWorld = Pick<PipelineDependencies, 'vocabularies' | 'encodeText' | 'logger'>;

const MOST_NAME = 120;
const RANDOM_STEPS = 2 ** 32;

/** Tokenizers that are recognized by parts: the shipped ones, then those that this dashboard has read whole. */
export async function knownTokenizers({
  vocabularies,
}: Pick<LearningWorld, 'vocabularies'>): Promise<readonly KnownVocabulary[]> {
  return [...KNOWN_VOCABULARIES, ...(await vocabularies.list())];
}

/**
 * Keeps what the next check of such a tokenizer needs, so that each is read whole once. Null, and what is no use, is
 * passed over; that it cannot be kept is told to the console, since nobody's check or job depends on it.
 */
export async function learnTokenizer(
  files: TokenizerFiles | null,
  source: CheckSource | ConversionSpec['source'],
  { vocabularies, encodeText, logger }: LearningWorld,
): Promise<void> {
  if (files === null) return;
  const from = source.kind === 'hub' ? source.repo : source.path;
  try {
    const learned = await learnVocabulary(files, {
      name: `${from.slice(0, MOST_NAME)} (read whole before)`,
      known: await knownTokenizers({ vocabularies }),
      encode: encodeText,
      random: () => randomInt(RANDOM_STEPS) / RANDOM_STEPS,
    });
    if (learned !== null) await vocabularies.keep(learned);
  } catch (error) {
    logger.error('a tokenizer could not be learned', error, { from });
  }
}
