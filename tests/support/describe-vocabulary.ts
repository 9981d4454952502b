import { type ConfigObject, isObject } from '../../lib/model/config-reader';
import {
  FIRST_TOKENS,
  type KnownVocabulary,
  LAST_HALVES,
  SAMPLED_TOKENS,
  sha256OfJson,
  tokenizerRules,
  type VocabularySample,
} from '../../lib/model/known-vocabulary';

/**
 * Describes a tokenizer.json that was read whole, so that its like is recognized by samples.
 * Null for what cannot be: no byte-pair encoding, ids with gaps, or fewer tokens than the samples take.
 *
 * @param content its fields as loading leaves them.
 * @param checkIds of the converter's check text, before the post-processor.
 */
export async function describeVocabulary(
  name: string,
  content: ConfigObject,
  checkIds: readonly number[],
): Promise<KnownVocabulary | null> {
  const model = isObject(content['model']) ? content['model'] : {};
  const { vocab, merges } = model;
  if (!isObject(vocab) || !Array.isArray(merges)) return null;
  const tokens = Object.entries(vocab)
    .sort(([, a], [, b]) => Number(a) - Number(b))
    .map(([text]) => text);
  if (tokens.some((text, id) => vocab[text] !== id) || tokens.length < 2 * FIRST_TOKENS) return null;
  const halves = merges.map((merge) => (Array.isArray(merge) ? merge.map(String) : String(merge).split(' ')));
  return {
    name,
    rules: await sha256OfJson(tokenizerRules(content)),
    tokenCount: tokens.length,
    mergeCount: merges.length,
    tokenBytes: utf8Bytes(tokens),
    mergeBytes: utf8Bytes(halves.map((pair) => pair.join(' '))),
    samples: await takeSamples(tokens),
    lastMerges: await sha256OfJson(halves.slice(-LAST_HALVES).flat().slice(-LAST_HALVES)),
    checkIds,
  };
}

async function takeSamples(tokens: readonly string[]): Promise<VocabularySample[]> {
  const bytesOf = (from: number, to: number) =>
    tokens
      .slice(from, to)
      .reduce((sum, text, at) => sum + utf8Bytes([JSON.stringify(text)]) + String(from + at).length, 0);
  const starts = [
    0,
    ...[1, 2, 3].map((part) => Math.floor((tokens.length * part) / 4)),
    tokens.length - SAMPLED_TOKENS,
  ];
  return Promise.all(
    starts.map(async (id) => {
      const end = id + (id === 0 ? FIRST_TOKENS : SAMPLED_TOKENS);
      return {
        id,
        bytesBefore: bytesOf(0, id),
        bytes: bytesOf(id, end),
        sha256: await sha256OfJson(tokens.slice(id, end)),
      };
    }),
  );
}

function utf8Bytes(texts: Iterable<string>): number {
  let bytes = 0;
  const encoder = new TextEncoder();
  for (const text of texts) bytes += encoder.encode(text).length;
  return bytes;
}
