import type { ByteRangeReader } from './byte-range-reader';
import { describeVocabulary } from './describe-vocabulary';
import type { KnownVocabulary } from './known-vocabulary';
import { recognizeTokenizer, SMALL_BYTES } from './recognize-tokenizer';
import { replacedByLoading } from './tokenizer-as-loaded';
import { CHECK_TEXT } from './tokenizer-check-text';
import type { TokenizerFiles } from './tokenizer-files';
import { preTokenizerHash } from './tokenizer-hash';
import { KNOWN_PRE_TOKENIZERS } from './tokenizer-known-hashes';
import type { EncodeText } from './tokenizer-problem';

export interface LearnOptions {
  /** Whose tokenizer it is, for people. */
  readonly name: string;
  /** Those that need not be learned. */
  readonly known: readonly KnownVocabulary[];
  readonly encode: EncodeText;
  /** A random number from 0 to below 1 that nobody outside can foresee. */
  random(): number;
}

const FILE = 'tokenizer.json';
/** One in each part of the vocabulary of this share, beside the first and the last one. */
const PARTS = 6;

/**
 * Describes the tokenizer.json of files that were read whole, so that it is recognized by parts the next time. Null when
 * its converter hash is not known, when it is small or recognized already, and when its description would not do.
 *
 * The file may be made to deceive: it would pass itself, and teach samples that a later, damaged tokenizer shares. Hence
 * - the ids are those that tokenizing with the whole file gave here, and nothing that the file or its source says;
 * - the entry is held against the file itself, and must lead to the same hash as the whole did;
 * - everything outside of `vocab` and `merges` is read whole from every later file, and its rules must be the same;
 * - where the samples lie is random for each entry, one in each sixth of the vocabulary: a file cannot be prepared to be
 *   like a damaged one at these places and sound between them. A later file that passes differs little from one that is
 *   sound, as with the entries that are shipped, of which there are fewer samples;
 * - shipped entries are tried first, so that none that is learned can take the place of one.
 * What is left is what samples cannot see, a few tokens or merges in another place; a job reads the whole file before it
 * converts, which is why no file is ever made on the word of an entry.
 */
export async function learnVocabulary(
  files: TokenizerFiles,
  { name, known, encode, random }: LearnOptions,
): Promise<KnownVocabulary | null> {
  const { definition } = files;
  const json = definition?.recognized === null ? await definition.bytes() : null;
  if (!definition || json === null || json.length < SMALL_BYTES) return null;
  const reader = oneFile(json);
  if ((await recognizeTokenizer(reader, FILE, known)) !== null) return null;
  const whole = await preTokenizerHash(files, encode);
  const replaced = replacedByLoading(files, CHECK_TEXT);
  if (whole === null || replaced === null || !KNOWN_PRE_TOKENIZERS.has(whole.sha256)) return null;
  const checkIds = await encode({ json, replaced: { ...replaced, post_processor: null }, text: CHECK_TEXT });
  if (checkIds === null) return null;
  const between = Array.from({ length: PARTS }, (_, part) => (part + random()) / PARTS);
  const described = await describeVocabulary(name, { ...definition.content, ...replaced }, checkIds, between);
  const found = described && (await recognizeTokenizer(reader, FILE, [described]));
  if (!found) return null;
  const { content, ...recognized } = found;
  const byParts = { content, recognized, bytes: async () => json };
  const again = await preTokenizerHash({ ...files, definition: byParts }, async () => null);
  return again?.sha256 === whole.sha256 ? described : null;
}

function oneFile(content: Uint8Array): ByteRangeReader {
  return {
    list: async () => [{ path: FILE, sizeBytes: content.length }],
    sizeBytes: async () => content.length,
    read: async (_, offset, length) => content.slice(offset, offset + length),
  };
}
