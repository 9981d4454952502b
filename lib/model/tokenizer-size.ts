import { isFailureError } from '../domain/failure';
import { addedTokens } from './added-tokens';
import type { ByteRangeReader } from './byte-range-reader';
import type { ConfigObject } from './config-reader';
import { measureTokenizer, type TokenizerSize } from './gguf-header-size';
import type { KnownVocabulary } from './known-vocabulary';
import { readTokenizerDefinition } from './tokenizer-files';

/**
 * What the tokenizer of a checkpoint adds to its GGUFs. Null where there is no usable tokenizer.json, and where the
 * converter takes a SentencePiece model instead of it.
 * @param known as for `readTokenizerFiles`.
 */
export async function readTokenizerSize(
  reader: ByteRangeReader,
  known: readonly KnownVocabulary[],
): Promise<TokenizerSize | null> {
  const names = new Set((await reader.list()).map((file) => file.path));
  if (!names.has('tokenizer.json') || names.has('tokenizer.model')) return null;
  try {
    const definition = await readTokenizerDefinition(reader, known);
    if (definition === null) return null;
    const { content, recognized } = definition;
    return recognized ? sizeOfKnown(recognized.vocabulary, content) : measureTokenizer(content);
  } catch (error) {
    if (isFailureError(error)) return null;
    throw error;
  }
}

function sizeOfKnown(known: KnownVocabulary, content: ConfigObject): TokenizerSize {
  const beyond = new Set(addedTokens(content).flatMap(([id, text]) => (id >= known.tokenCount ? [text] : [])));
  const addedBytes = [...beyond].reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
  return {
    tokenCount: known.tokenCount + beyond.size,
    tokenBytes: known.tokenBytes + addedBytes,
    mergeCount: known.mergeCount,
    mergeBytes: known.mergeBytes,
    hasScores: false,
    templateBytes: 0,
  };
}
