import { type FailureCode, FailureError } from '../domain/failure';
import type { ByteRangeReader, ListedFile } from './byte-range-reader';
import { type ConfigObject, isObject } from './config-reader';
import { parseJsonDocument } from './json-file';
import { isParsableJson } from './json-weight';
import { readSentencePieceModel, type SentencePieceModel } from './sentencepiece-model';

/** Gemma's is 33 MB, the largest in use; a larger one is not read, its size alone is no fault. */
const MAX_TOKENIZER_BYTES = 48 * 1024 * 1024;
const CODE: FailureCode = 'model-tokenizer-missing';
const LFS_POINTER_START = 'version https://git-lfs';

/** tokenizer.json: as bytes for whoever tokenizes with it, and parsed. */
export interface TokenizerDefinition {
  readonly bytes: Uint8Array;
  readonly content: ConfigObject;
}

/** The files that make a tokenizer, read; null for one that is not there, too large, or not what its name says. */
export interface TokenizerFiles {
  /** Names in the checkpoint's own folder. */
  readonly names: ReadonlySet<string>;
  readonly definition: TokenizerDefinition | null;
  /** tokenizer_config.json. */
  readonly config: ConfigObject | null;
  /** special_tokens_map.json: key of tokenizer_config.json to token. */
  readonly specialTokens: ConfigObject | null;
  /** added_tokens.json and vocab.json: token to id. */
  readonly addedTokens: ConfigObject | null;
  readonly vocabulary: ConfigObject | null;
  /** tokenizer.model; `unreadable` when it is no SentencePiece model. */
  readonly sentencePiece: SentencePieceModel | 'unreadable' | null;
}

/**
 * Reads a checkpoint's tokenizer files.
 * @throws FailureError when one is a Git LFS pointer or not JSON.
 */
export async function readTokenizerFiles(
  reader: ByteRangeReader,
  files: readonly ListedFile[],
): Promise<TokenizerFiles> {
  const sizes = new Map(files.map((file) => [file.path, file.sizeBytes]));
  const isThere = (path: string) => sizes.has(path) && (sizes.get(path) ?? 0) <= MAX_TOKENIZER_BYTES;
  const json = async (path: string) => (isThere(path) ? readObject(reader, path) : null);
  return {
    names: new Set(sizes.keys()),
    definition: isThere('tokenizer.json') ? await readDefinition(reader, 'tokenizer.json') : null,
    config: await json('tokenizer_config.json'),
    specialTokens: await json('special_tokens_map.json'),
    addedTokens: await json('added_tokens.json'),
    vocabulary: await json('vocab.json'),
    sentencePiece: isThere('tokenizer.model') ? await readSentencePiece(reader, 'tokenizer.model') : null,
  };
}

async function readBytes(reader: ByteRangeReader, path: string): Promise<Uint8Array | null> {
  const sizeBytes = await reader.sizeBytes(path);
  if (sizeBytes === null || sizeBytes > MAX_TOKENIZER_BYTES) return null;
  return reader.read(path, 0, sizeBytes);
}

async function readDefinition(reader: ByteRangeReader, path: string): Promise<TokenizerDefinition | null> {
  const bytes = await readBytes(reader, path);
  if (bytes === null || !isParsableJson(bytes)) return null;
  const content = parseJsonDocument(path, bytes, CODE).value;
  return isObject(content) ? { bytes, content } : null;
}

async function readObject(reader: ByteRangeReader, path: string): Promise<ConfigObject | null> {
  return (await readDefinition(reader, path))?.content ?? null;
}

async function readSentencePiece(
  reader: ByteRangeReader,
  path: string,
): Promise<SentencePieceModel | 'unreadable' | null> {
  const bytes = await readBytes(reader, path);
  if (bytes === null) return null;
  if (new TextDecoder('latin1').decode(bytes.subarray(0, LFS_POINTER_START.length)) === LFS_POINTER_START) {
    throw new FailureError('model-lfs-pointer', `${path} is a Git LFS pointer, not the file it stands for.`, {
      remedy: 'Fetch the real file: run "git lfs pull" in the clone, or give the model id and let Quantdeck fetch it.',
    });
  }
  return readSentencePieceModel(bytes) ?? 'unreadable';
}
