import { type ConfigObject, isObject } from './config-reader';
import {
  FIRST_TOKENS,
  type KnownVocabulary,
  LAST_HALVES,
  SAMPLED_TOKENS,
  sha256OfJson,
  tokenizerRules,
  type VocabularySample,
} from './known-vocabulary';

/**
 * Describes a tokenizer.json that was read whole, so that its like is recognized by samples.
 * Null for what cannot be: no byte-pair encoding, ids with gaps, or fewer tokens than the samples take.
 *
 * @param content its fields as loading leaves them.
 * @param checkIds of the converter's check text, before the post-processor.
 * @param between where samples begin beside the first and the last one, as a share of the tokens, in order.
 */
export async function describeVocabulary(
  name: string,
  content: ConfigObject,
  checkIds: readonly number[],
  between: readonly number[] = [1 / 4, 2 / 4, 3 / 4],
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
    samples: await takeSamples(tokens, between),
    lastMerges: await sha256OfJson(halves.slice(-LAST_HALVES).flat().slice(-LAST_HALVES)),
    checkIds,
  };
}

async function takeSamples(tokens: readonly string[], between: readonly number[]): Promise<VocabularySample[]> {
  const encoder = new TextEncoder();
  const ends: number[] = [];
  for (const [id, text] of tokens.entries()) {
    ends.push((ends[id - 1] ?? 0) + encoder.encode(JSON.stringify(text)).length + String(id).length);
  }
  const bytesBefore = (id: number) => ends[id - 1] ?? 0;
  const last = tokens.length - SAMPLED_TOKENS;
  const starts = [0, ...between.map((share) => Math.min(last, Math.floor(tokens.length * share))), last];
  return Promise.all(
    starts.map(async (id) => {
      const end = id + (id === 0 ? FIRST_TOKENS : SAMPLED_TOKENS);
      return {
        id,
        bytesBefore: bytesBefore(id),
        bytes: bytesBefore(end) - bytesBefore(id),
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
