import { isObject } from './config-reader';
import type { GgufTensorPlan } from './gguf-tensor-plan';

/** What a tokenizer adds to a GGUF's header. */
export interface TokenizerSize {
  readonly tokenCount: number;
  /** UTF-8 bytes of all tokens, as stored. */
  readonly tokenBytes: number;
  readonly mergeCount: number;
  readonly mergeBytes: number;
  /** SentencePiece vocabularies store a score for each token. */
  readonly hasScores: boolean;
  /** Bytes of the chat template; 0 when unknown or none. */
  readonly templateBytes: number;
}

/** Names, dimension counts and other parameters; a real file has 25 to 45 entries of about 50 bytes. */
const PARAMETER_BYTES = 2500;
const STRING_OVERHEAD = 8;
/** Averages of byte-level vocabularies with 32 to 256 thousand tokens. */
const USUAL_TOKEN_BYTES = 7;
const USUAL_MERGE_BYTES = 8.5;
const TOKEN_TYPE_BYTES = 4;
const SCORE_BYTES = 4;

/** Bytes of a GGUF before its tensor data, aligned. Tensor entries are exact, the tokenizer as exact as it is known. */
export function headerBytes(plan: GgufTensorPlan, tokenizer: TokenizerSize | null): number {
  let bytes = 24 + PARAMETER_BYTES;
  for (const { name, dimensions } of plan.tensors) {
    bytes += STRING_OVERHEAD + name.length + 4 + 8 * dimensions.length + 4 + 8;
  }
  const rows = plan.tensors.find(({ name }) => name === 'token_embd.weight')?.dimensions[1] ?? 0;
  bytes += tokenizerBytes(tokenizer ?? usualTokenizer(rows), rows);
  return Math.ceil(bytes / 32) * 32;
}

function tokenizerBytes(tokenizer: TokenizerSize, rows: number): number {
  // Rows without a token become `[PAD123456]`.
  const padding = Math.max(0, rows - tokenizer.tokenCount);
  const tokens = tokenizer.tokenCount + padding;
  return (
    tokens * (STRING_OVERHEAD + TOKEN_TYPE_BYTES + (tokenizer.hasScores ? SCORE_BYTES : 0)) +
    tokenizer.tokenBytes +
    padding * '[PAD123456]'.length +
    tokenizer.mergeCount * STRING_OVERHEAD +
    tokenizer.mergeBytes +
    tokenizer.templateBytes
  );
}

function usualTokenizer(rows: number): TokenizerSize {
  return {
    tokenCount: rows,
    tokenBytes: rows * USUAL_TOKEN_BYTES,
    mergeCount: rows,
    mergeBytes: rows * USUAL_MERGE_BYTES,
    hasScores: false,
    templateBytes: 0,
  };
}

/**
 * Measures a parsed tokenizer.json. Null when it is not one of the kinds that the converter copies token by token.
 * @param templateBytes of the chat template, where it is known.
 */
export function measureTokenizer(tokenizer: unknown, templateBytes = 0): TokenizerSize | null {
  const model = isObject(tokenizer) ? tokenizer['model'] : null;
  if (!isObject(tokenizer) || !isObject(model)) return null;
  const tokens = vocabularyTokens(model['vocab']);
  if (tokens === null) return null;
  const added = Array.isArray(tokenizer['added_tokens']) ? tokenizer['added_tokens'] : [];
  for (const token of added) if (isObject(token) && typeof token['content'] === 'string') tokens.add(token['content']);
  const merges = Array.isArray(model['merges']) ? model['merges'] : [];
  const mergeTexts = merges.map((merge) => (Array.isArray(merge) ? merge.join(' ') : String(merge)));
  const isUnigram = Array.isArray(model['vocab']);
  return {
    tokenCount: tokens.size,
    tokenBytes: totalBytes(tokens),
    mergeCount: merges.length,
    mergeBytes: totalBytes(mergeTexts),
    hasScores: isUnigram,
    templateBytes,
  };
}

function vocabularyTokens(vocabulary: unknown): Set<string> | null {
  if (isObject(vocabulary)) return new Set(Object.keys(vocabulary));
  if (!Array.isArray(vocabulary)) return null;
  return new Set(vocabulary.map((entry) => String(Array.isArray(entry) ? entry[0] : entry)));
}

function totalBytes(texts: Iterable<string>): number {
  let bytes = 0;
  const encoder = new TextEncoder();
  for (const text of texts) bytes += encoder.encode(text).length;
  return bytes;
}
