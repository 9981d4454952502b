import { type FailureCode, FailureError } from '../domain/failure';
import type { ByteRangeReader, ListedFile } from './byte-range-reader';
import { type ConfigObject, isObject } from './config-reader';
import { beginsWithMark, parseJsonDocument } from './json-file';
import { isParsableJson } from './json-weight';
import type { KnownVocabulary } from './known-vocabulary';
import { type RecognizedVocabulary, recognizeTokenizer } from './recognize-tokenizer';
import { rememberParsed } from './remember-parsed';
import {
  beginsAsSentencePiece,
  readSentencePieceEnd,
  readSentencePieceModel,
  type SentencePieceModel,
} from './sentencepiece-model';
import { type TokenizerWay, tokenizerWay } from './tokenizer-ways';

/** Gemma's is 33 MB, the largest in use; a larger one is not read, its size alone is no fault. */
const MAX_TOKENIZER_BYTES = 48 * 1024 * 1024;
const CODE: FailureCode = 'model-tokenizer-missing';
const LFS_POINTER_START = 'version https://git-lfs';

/** tokenizer.json, parsed. */
export interface TokenizerDefinition {
  /** Without `model.vocab` and `model.merges` where the file was recognized and not read whole. */
  readonly content: ConfigObject;
  readonly recognized: RecognizedVocabulary | null;
  readonly hasByteOrderMark?: boolean;
  /** The whole file, for whoever tokenizes with it; null when it is gone or too large meanwhile. */
  bytes(): Promise<Uint8Array | null>;
}

/** The files that make a tokenizer, read; null for one that is not there, too large, or not what its name says. */
export interface TokenizerFiles {
  /** Names in the checkpoint's own folder. */
  readonly names: ReadonlySet<string>;
  readonly definition: TokenizerDefinition | null;
  /** tokenizer_config.json. */
  readonly config: ConfigObject | null;
  /** The class that loads them where tokenizer_config.json names none; absent where it cannot be told. */
  readonly classOfType?: string | null;
  /** special_tokens_map.json: key of tokenizer_config.json to token. */
  readonly specialTokens: ConfigObject | null;
  /** added_tokens.json and vocab.json: token to id. */
  readonly addedTokens: ConfigObject | null;
  readonly vocabulary: ConfigObject | null;
  /** merges.txt; read like vocab.json only where there is no tokenizer.json. */
  readonly merges: string | null;
  /** tokenizer.model; `unreadable` when it is no SentencePiece model, `cut` when it begins as one and does not end. */
  readonly sentencePiece: SentencePieceModel | 'unreadable' | 'cut' | null;
  /** JSON files that begin with a byte order mark. */
  readonly marked: readonly string[];
}

/**
 * Reads a checkpoint's tokenizer files, as far as the class that will convert looks at them: tokenizer.json can be 33 MB,
 * and beside a tokenizer.model most classes pass it over.
 * @param known vocabularies whose tokenizer.json is recognized by parts of it; none to have it read whole.
 * @throws FailureError when one is a Git LFS pointer or not JSON.
 */
export async function readTokenizerFiles(
  reader: ByteRangeReader,
  files: readonly ListedFile[],
  architecture: string | null,
  known: readonly KnownVocabulary[] = [],
): Promise<TokenizerFiles> {
  const sizes = new Map(files.map((file) => [file.path, file.sizeBytes]));
  const isThere = (path: string) => sizes.has(path) && (sizes.get(path) ?? 0) <= MAX_TOKENIZER_BYTES;
  const marked: string[] = [];
  const definition = async (path: string) => {
    const read = isThere(path) ? await readDefinition(reader, path) : null;
    if (read?.hasByteOrderMark) marked.push(path);
    return read;
  };
  const json = async (path: string) => (await definition(path))?.content ?? null;
  const way = tokenizerWay(architecture);
  const sentencePiece = isThere('tokenizer.model') ? await readSentencePiece(reader, way === 'phi3') : null;
  const isPassedOver = way !== null && MODEL_FIRST.has(way) && typeof sentencePiece === 'object' && sentencePiece;
  if (isPassedOver && isThere('tokenizer.json') && (await refuseBrokenObject(reader, 'tokenizer.json'))) {
    marked.push('tokenizer.json');
  }
  const others: Omit<TokenizerFiles, 'definition'> = {
    names: new Set(sizes.keys()),
    config: await json('tokenizer_config.json'),
    specialTokens: await json('special_tokens_map.json'),
    addedTokens: await json('added_tokens.json'),
    vocabulary: sizes.has('tokenizer.json') ? null : await json('vocab.json'),
    merges: sizes.has('tokenizer.json') || !isThere('merges.txt') ? null : await readText(reader, 'merges.txt'),
    sentencePiece,
    marked,
  };
  if (!isThere('tokenizer.json') || isPassedOver) return { ...others, definition: null };
  const found = await readTokenizerDefinition(reader, known);
  if (found?.hasByteOrderMark) marked.push('tokenizer.json');
  return { ...others, definition: found };
}

/** Ways on which nothing else counts where there is a tokenizer.model. */
const MODEL_FIRST: ReadonlySet<TokenizerWay> = new Set([
  'sentencepiece',
  'sentencepiece-or-gpt2',
  'sentencepiece-or-llama-hf',
  'llama',
  'mamba2',
]);
/** A SentencePiece model of this size is read whole: Llama's has half a megabyte, Gemma's four. */
const WHOLE_BYTES = 1024 * 1024;
/** Enough to see what kind of file it is, and at its end, whether it is whole. */
const PART_BYTES = 64 * 1024;

async function readBytes(reader: ByteRangeReader, path: string): Promise<Uint8Array | null> {
  const sizeBytes = await reader.sizeBytes(path);
  if (sizeBytes === null || sizeBytes > MAX_TOKENIZER_BYTES) return null;
  return reader.read(path, 0, sizeBytes);
}

async function readText(reader: ByteRangeReader, path: string): Promise<string | null> {
  const bytes = await readBytes(reader, path);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

/**
 * tokenizer.json, recognized by parts of it where its vocabulary is among the known, else read whole; null when it is not there,
 * too large, or no object.
 * @throws FailureError when it is a Git LFS pointer or not JSON.
 */
export async function readTokenizerDefinition(
  reader: ByteRangeReader,
  known: readonly KnownVocabulary[],
): Promise<TokenizerDefinition | null> {
  const path = 'tokenizer.json';
  const found = await recognizeTokenizer(reader, path, known);
  if (found === null) return readDefinition(reader, path);
  const { content, ...recognized } = found;
  return { content, recognized, bytes: () => readBytes(reader, path) };
}

async function readDefinition(reader: ByteRangeReader, path: string): Promise<TokenizerDefinition | null> {
  const bytes = await readBytes(reader, path);
  return bytes && rememberParsed(bytes, () => parseDefinition(path, bytes));
}

function parseDefinition(path: string, bytes: Uint8Array): TokenizerDefinition | null {
  if (!isParsableJson(bytes)) return null;
  const { value: content, hasByteOrderMark } = parseJsonDocument(path, bytes, CODE);
  const plain = hasByteOrderMark ? bytes.subarray(3) : bytes;
  return isObject(content) ? { content, recognized: null, hasByteOrderMark, bytes: async () => plain } : null;
}

/**
 * The converter still parses a file that is passed over, for the special tokens in it; its two ends show most damage.
 * True when it begins with a byte order mark.
 */
async function refuseBrokenObject(reader: ByteRangeReader, path: string): Promise<boolean> {
  const sizeBytes = (await reader.sizeBytes(path)) ?? 0;
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const first = await reader.read(path, 0, Math.min(sizeBytes, 200));
  const start = decode(first);
  const end = decode(await reader.read(path, Math.max(0, sizeBytes - 200), Math.min(sizeBytes, 200)));
  if (!start.trimStart().startsWith('{') || !end.trimEnd().endsWith('}')) {
    parseJsonDocument(path, new TextEncoder().encode(start), CODE);
  }
  return beginsWithMark(first);
}

async function readSentencePiece(reader: ByteRangeReader, isWhole: boolean): Promise<TokenizerFiles['sentencePiece']> {
  const path = 'tokenizer.model';
  const sizeBytes = await reader.sizeBytes(path);
  if (sizeBytes === null || sizeBytes > MAX_TOKENIZER_BYTES) return null;
  const isRead = isWhole || sizeBytes <= WHOLE_BYTES;
  const [bytes, end] = await Promise.all([
    reader.read(path, 0, isRead ? sizeBytes : PART_BYTES),
    isRead ? null : reader.read(path, sizeBytes - PART_BYTES, PART_BYTES),
  ]);
  if (new TextDecoder('latin1').decode(bytes.subarray(0, LFS_POINTER_START.length)) === LFS_POINTER_START) {
    throw new FailureError('model-lfs-pointer', `${path} is a Git LFS pointer, not the file it stands for.`, {
      remedy: 'Fetch the real file: run "git lfs pull" in the clone, or give the model id and let Quantdeck fetch it.',
    });
  }
  const atEnd = end && readSentencePieceEnd(end);
  if (atEnd) return atEnd;
  const whole = readSentencePieceModel(end ? await reader.read(path, 0, sizeBytes) : bytes);
  return whole ?? (beginsAsSentencePiece(bytes) ? 'cut' : 'unreadable');
}
