import type { Finding } from '../domain/finding';
import type { RecognizedVocabulary } from './recognize-tokenizer';

/** Says how a tokenizer is known that was not read whole. */
export function byParts({ vocabulary }: RecognizedVocabulary, hash: string, preTokenizer: string): Finding {
  const { name, tokenCount, mergeCount, samples } = vocabulary;
  return {
    code: 'tokenizer-by-parts',
    severity: 'note',
    message: `tokenizer.json was not read whole: its rules, the number of its tokens and samples from its beginning, middle and end are those of ${name}, which the converter knows. A job reads the whole file on its host before it converts.`,
    remedy: '',
    evidence: [
      `${tokenCount} tokens and ${mergeCount} merges, compared at tokens ${samples.map(({ id }) => id).join(', ')} and at the last merges`,
      `chkhsh: ${hash} (${preTokenizer})`,
    ],
  };
}
