import type { ConfigObject } from './config-reader';
import { recognizedIds } from './recognized-ids';
import { sha256 } from './sha256';
import { replacedByLoading } from './tokenizer-as-loaded';
import { CHECK_TEXT } from './tokenizer-check-text';
import type { TokenizerDefinition, TokenizerFiles } from './tokenizer-files';
import { definitionFromVocabulary } from './tokenizer-from-vocabulary';
import type { EncodeText } from './tokenizer-problem';

/** Hashes token ids the way the converter does: SHA-256 of Python's text of the list, in hexadecimal. */
export function hashTokenIds(ids: readonly number[]): Promise<string> {
  return sha256(`[${ids.join(', ')}]`);
}

export interface PreTokenizerHash {
  readonly sha256: string;
  /** Whether tokenizer.json was recognized by parts of it and not read whole. */
  readonly isByParts: boolean;
}

/** The converter's hash of these files; null when it cannot be told for certain. */
export async function preTokenizerHash(files: TokenizerFiles, encode: EncodeText): Promise<PreTokenizerHash | null> {
  const definition = files.definition ?? definitionFromVocabulary(files);
  if (definition === null) return null;
  const replaced = replacedByLoading({ ...files, definition }, CHECK_TEXT);
  if (replaced === null) return null;
  const known = await recognizedIds(definition, replaced);
  const ids = known ?? (await encodeWhole(definition, replaced, encode));
  return ids === null ? null : { sha256: await hashTokenIds(ids), isByParts: known !== null };
}

async function encodeWhole(
  definition: TokenizerDefinition,
  replaced: ConfigObject,
  encode: EncodeText,
): Promise<readonly number[] | null> {
  const json = await definition.bytes();
  return json === null ? null : encode({ json, replaced, text: CHECK_TEXT });
}
