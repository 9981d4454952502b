import { addedTokens } from './added-tokens';
import type { ByteRangeReader } from './byte-range-reader';
import type { ConfigObject } from './config-reader';
import { JsonCursor, JsonSyntaxError } from './json-cursor';
import {
  FIRST_TOKENS,
  type KnownVocabulary,
  LAST_HALVES,
  SAMPLED_TOKENS,
  sha256OfJson,
  type VocabularySample,
} from './known-vocabulary';
import { readTokenizerHead, type TokenizerHead } from './tokenizer-head';

export interface RecognizedVocabulary {
  readonly vocabulary: KnownVocabulary;
  readonly lastToken: string;
}

export interface RecognizedTokenizer extends RecognizedVocabulary {
  /** tokenizer.json without `model.vocab` and `model.merges`. */
  readonly content: ConfigObject;
}

/** Enough for most; Llama 3 has 55 kB of added tokens before its vocabulary, DeepSeek 214 kB. */
export const HEAD_BYTES = 64 * 1024;
const LONGER_HEAD_BYTES = 320 * 1024;
/** A smaller file is read whole for the price of its samples. */
const SMALL_BYTES = 384 * 1024;
const TAIL_BYTES = 8 * 1024;
/** What follows the last token: the end of the vocabulary and the name of the merges. */
const AFTER_LAST_BYTES = 64;

/**
 * Recognizes the tokenizer.json of a known vocabulary by its beginning, samples from within, the number of its tokens and
 * its end: some 100 kB of up to 33 MB. Null when it is none of the known, or small enough to be read whole.
 */
export async function recognizeTokenizer(
  reader: ByteRangeReader,
  path: string,
  known: readonly KnownVocabulary[],
): Promise<RecognizedTokenizer | null> {
  if (known.length === 0) return null;
  const sizeBytes = await reader.sizeBytes(path);
  if (sizeBytes === null || sizeBytes < SMALL_BYTES) return null;
  const head = await readHead(reader, path);
  if (head === null || head.tokens.some(({ id }, at) => id !== at)) return null;
  const first = await sha256OfJson(head.tokens.map(({ text }) => text));
  for (const vocabulary of likelyFirst(known, head.content)) {
    if (vocabulary.samples[0]?.sha256 !== first) continue;
    const lastToken = await lastTokenIfSame(reader, { path, sizeBytes }, head, vocabulary);
    if (lastToken !== null) return { content: head.content, vocabulary, lastToken };
  }
  return null;
}

/** Several begin with the same tokens; most files add theirs right behind the vocabulary, which tells its size. */
function likelyFirst(known: readonly KnownVocabulary[], content: ConfigObject): KnownVocabulary[] {
  const added = new Set(addedTokens(content).map(([id]) => id));
  return known.toSorted((a, b) => Number(added.has(b.tokenCount)) - Number(added.has(a.tokenCount)));
}

async function readHead(reader: ByteRangeReader, path: string): Promise<TokenizerHead | null> {
  const start = await reader.read(path, 0, HEAD_BYTES);
  const head = readTokenizerHead(start, FIRST_TOKENS);
  if (head !== null || start.length < HEAD_BYTES) return head;
  const rest = await reader.read(path, HEAD_BYTES, LONGER_HEAD_BYTES - HEAD_BYTES);
  const longer = new Uint8Array(start.length + rest.length);
  longer.set(start);
  longer.set(rest, start.length);
  return readTokenizerHead(longer, FIRST_TOKENS);
}

/** Looks where the samples must be if this is the known vocabulary in the layout of the head; null when one is not there. */
async function lastTokenIfSame(
  reader: ByteRangeReader,
  { path, sizeBytes }: { path: string; sizeBytes: number },
  { vocabularyStart, entryOverhead }: TokenizerHead,
  known: KnownVocabulary,
): Promise<string | null> {
  const last = known.samples.at(-1);
  const tail = reader.read(path, Math.max(0, sizeBytes - TAIL_BYTES), Math.min(TAIL_BYTES, sizeBytes));
  const samples = known.samples.slice(1).map(async (sample) => {
    const offset = vocabularyStart + sample.bytesBefore + entryOverhead * sample.id;
    const extra = sample === last ? AFTER_LAST_BYTES + entryOverhead : 0;
    const length = sample.bytes + entryOverhead * SAMPLED_TOKENS + extra;
    // Beyond the file's end there is nothing to be the same.
    if (offset + sample.bytes > sizeBytes) return null;
    return readSample(await reader.read(path, offset, length), sample, sample === last);
  });
  const [texts, ending] = await Promise.all([Promise.all(samples), tail]);
  if (texts.some((each) => each === null) || !endsWhole(ending)) return null;
  if ((await sha256OfJson(lastHalves(ending))) !== known.lastMerges) return null;
  const digests = await Promise.all(texts.map(sha256OfJson));
  const isSame = digests.every((digest, at) => digest === known.samples[at + 1]?.sha256);
  return isSame ? (texts.at(-1)?.at(-1) ?? null) : null;
}

/** Ends the walk behind the sample's last token. */
class EnoughRead extends Error {}

/** The texts of a sample; null when its ids are not those that are expected, or the vocabulary does not end with it. */
function readSample(bytes: Uint8Array, { id }: VocabularySample, isLast: boolean): string[] | null {
  const text = `{${new TextDecoder().decode(bytes)}`;
  // A blank before it would mean that the tokens before are a little longer or shorter than those of the known one.
  if (text[1] !== '"') return null;
  const cursor = new JsonCursor(text);
  const texts: string[] = [];
  let end = 0;
  try {
    end = cursor.object((token) => {
      if (cursor.count() !== id + texts.length) throw cursor.error('another id is expected');
      texts.push(token);
      if (!isLast && texts.length === SAMPLED_TOKENS) throw new EnoughRead();
    }).end;
  } catch (error) {
    if (error instanceof EnoughRead) return texts;
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
  return isLast && texts.length === SAMPLED_TOKENS && /^\s*,\s*"merges"\s*:\s*\[/.test(text.slice(end)) ? texts : null;
}

/** Merges, model and file end, and nothing else does. */
function endsWhole(tail: Uint8Array): boolean {
  return /["\]]\s{0,40}\]\s{0,40}\}\s{0,40}\}\s{0,40}$/.test(new TextDecoder().decode(tail.subarray(-200)));
}

/**
 * The last halves of merges, from strings of two halves or from pairs of strings. Read backwards, since only from its end
 * on is it certain what is a string: an unescaped quote is never inside of one.
 */
function lastHalves(tail: Uint8Array): string[] {
  const text = new TextDecoder().decode(tail);
  const halves: string[] = [];
  let end = text.lastIndexOf('"');
  while (end > 0 && halves.length < LAST_HALVES) {
    let start = text.lastIndexOf('"', end - 1);
    while (start > 0 && isEscaped(text, start)) start = text.lastIndexOf('"', start - 1);
    if (start < 0) break;
    try {
      halves.unshift(...(JSON.parse(text.slice(start, end + 1)) as string).split(' '));
    } catch {
      break;
    }
    end = start === 0 ? -1 : text.lastIndexOf('"', start - 1);
  }
  return halves.slice(-LAST_HALVES);
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}
