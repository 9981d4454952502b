import { type ConfigObject, isObject } from './config-reader';
import { sha256 } from './sha256';
import { CHECK_TEXT } from './tokenizer-check-text';

/** Consecutive tokens of a vocabulary, and where they are written in it. */
export interface VocabularySample {
  /** Id of the first of them; ids are in order, without a gap. */
  readonly id: number;
  /** Bytes of the keys and ids of all tokens before, and of these: what layouts add comes on top for every entry. */
  readonly bytesBefore: number;
  readonly bytes: number;
  /** SHA-256 of the texts as a JSON list. */
  readonly sha256: string;
}

/**
 * A byte-pair vocabulary by which a tokenizer.json is recognized without reading it whole. What the tokens of the
 * converter's check text are was computed once, from the whole file.
 */
export interface KnownVocabulary {
  /** Whose it is. */
  readonly name: string;
  /** SHA-256 of the rules that the check text was tokenized by, as `tokenizerRules` writes them. */
  readonly rules: string;
  readonly tokenCount: number;
  readonly mergeCount: number;
  /** UTF-8 bytes of all tokens, and of all merges with a blank between their halves. */
  readonly tokenBytes: number;
  readonly mergeBytes: number;
  /** The first one begins at token 0, the last one ends with the last token. */
  readonly samples: readonly VocabularySample[];
  /** SHA-256 of the last halves of merges as a JSON list. */
  readonly lastMerges: string;
  /** Token ids of the check text, before a post-processor adds to them. */
  readonly checkIds: readonly number[];
}

/** Tokens in the first sample, and in every other. */
export const FIRST_TOKENS = 256;
export const SAMPLED_TOKENS = 64;
/** Halves of merges that are compared at the end. */
export const LAST_HALVES = 64;

/** SHA-256 of a value's JSON text, in hexadecimal. */
export function sha256OfJson(value: unknown): Promise<string> {
  return sha256(JSON.stringify(value));
}

/**
 * Everything in a tokenizer.json beside vocabulary and merges that decides what the check text becomes before the
 * post-processor: how it is normalized and split, how pairs are merged, and which added tokens are cut out of it.
 */
export function tokenizerRules(content: ConfigObject): unknown {
  const model = isObject(content['model']) ? content['model'] : {};
  const settings = Object.entries(model)
    .filter(([key, value]) => !['type', 'vocab', 'merges'].includes(key) && isSet(value))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const added = Array.isArray(content['added_tokens']) ? content['added_tokens'].filter(isObject) : [];
  const cut = added.filter(({ content: text }) => typeof text === 'string' && text !== '' && CHECK_TEXT.includes(text));
  return [
    inOrder(content['normalizer'] ?? null),
    inOrder(content['pre_tokenizer'] ?? null),
    model['type'] ?? 'BPE',
    settings,
    inOrder(cut),
  ];
}

/** Older files leave out what newer ones write as off. */
function isSet(value: unknown): boolean {
  return value !== null && value !== false && value !== '' && value !== 0;
}

/** The same value with its keys in order; offsets are trimmed in what is told to people only. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'trim_offsets');
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, inOrder(each)]);
}
