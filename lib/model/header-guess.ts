import type { ListedFile } from './byte-range-reader';
import { WEIGHT_INDEX_FILE } from './checkpoint-files';
import { CONVERTER_WEIGHTS } from './no-weights';
import { FIRST_READ_BYTES, type HeaderBudget, MAX_HEADER_BYTES } from './safetensors-header';

/** A tensor takes 1.3 to 1.4 times as much in a header as in the index, and shards hold it unevenly. */
const HEADER_PER_INDEX_BYTE = 1.55;
const SLACK_BYTES = 4096;
const MOST_BYTES = 1024 * 1024;

/**
 * The budget for reading all headers of a checkpoint, with a first read that brings a whole header in one request: the
 * index names every tensor, so that its size tells how large the headers are before anything is read.
 */
export function headerBudget(listing: readonly ListedFile[]): HeaderBudget {
  const indexBytes = listing.find(({ path }) => path === WEIGHT_INDEX_FILE)?.sizeBytes ?? 0;
  const shards = listing.filter(({ path }) => CONVERTER_WEIGHTS.test(path)).length;
  const guess = Math.ceil((indexBytes * HEADER_PER_INDEX_BYTE) / Math.max(1, shards)) + SLACK_BYTES;
  const firstReadBytes = indexBytes === 0 || shards < 2 ? FIRST_READ_BYTES : Math.min(MOST_BYTES, guess);
  return { remainingBytes: MAX_HEADER_BYTES, firstReadBytes };
}
