import type { ByteRangeReader } from './byte-range-reader';
import { CARD_BYTES, CARD_FILE } from './card-check';
import { WEIGHT_INDEX_FILE } from './checkpoint-files';
import { GENERATION_CONFIG_FILE } from './generation-config-check';
import { headerBudget } from './header-guess';
import { CONVERTER_WEIGHTS } from './no-weights';
import { HEAD_BYTES } from './recognize-tokenizer';

/** Read whole by every inspection where they are there. The index of a mixture of experts has some megabytes. */
const READ_WHOLE: ReadonlySet<string> = new Set([
  'config.json',
  GENERATION_CONFIG_FILE,
  WEIGHT_INDEX_FILE,
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
]);
const MOST_WHOLE_BYTES = 8 * 1024 * 1024;
const MOST_HEADERS = 256;

/**
 * Asks for everything that an inspection begins with, all at once: over a long line it would wait for one after the other.
 * What does not arrive is asked for again by whoever needs it, and fails there.
 *
 * @param reader remembers what it read.
 */
export async function prefetchCheckpoint(reader: ByteRangeReader): Promise<void> {
  const listing = await reader.list();
  const { firstReadBytes = 0 } = headerBudget(listing);
  const weights = listing.filter(({ path }) => CONVERTER_WEIGHTS.test(path)).slice(0, MOST_HEADERS);
  const small = listing.filter(({ path, sizeBytes }) => READ_WHOLE.has(path) && sizeBytes <= MOST_WHOLE_BYTES);
  const definition = listing.filter(({ path, sizeBytes }) => path === 'tokenizer.json' && sizeBytes >= HEAD_BYTES);
  const card = listing.filter(({ path }) => path === CARD_FILE);
  const begin = (path: string, length: number) => void reader.read(path, 0, length).catch(() => undefined);
  for (const { path, sizeBytes } of small) begin(path, sizeBytes);
  for (const { path } of definition) begin(path, HEAD_BYTES);
  for (const { path, sizeBytes } of card) begin(path, Math.min(CARD_BYTES, sizeBytes));
  for (const { path, sizeBytes } of weights) begin(path, Math.min(firstReadBytes, sizeBytes));
}
