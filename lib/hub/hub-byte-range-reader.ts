import { FailureError } from '../domain/failure';
import type { ByteRangeReader } from '../model/byte-range-reader';
import type { HubConnection } from './hub-connection';
import { asHubFailure, createHubFetch } from './hub-fetch';
import type { HubListing } from './hub-listing';

/**
 * The files of one commit on the hub, by byte range: enough to inspect a checkpoint without fetching it.
 * @throws FailureError as the hub's other calls.
 */
export function hubByteRangeReader(connection: HubConnection, listing: HubListing): ByteRangeReader {
  const files = new Map(listing.files.map((file) => [file.path, file]));
  const fetchHere = createHubFetch(connection, { repo: listing.repo, revision: listing.commit });
  return {
    list: async () => listing.files.map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    sizeBytes: async (path) => files.get(path)?.sizeBytes ?? null,
    read: async (path, offset, length) => {
      const file = files.get(path);
      if (!file) throw new FailureError('download-failed', `${path} is not among the files of ${listing.repo}.`);
      const wanted = Math.max(0, Math.min(length, file.sizeBytes - offset));
      if (wanted === 0) return new Uint8Array();
      return asHubFailure(connection, () => readRange(fetchHere, file.url, offset, wanted));
    },
  };
}

async function readRange(fetchHere: typeof fetch, url: string, offset: number, length: number): Promise<Uint8Array> {
  const headers = { range: `bytes=${offset}-${offset + length - 1}`, 'accept-encoding': 'identity' };
  const response = await fetchHere(url, { headers });
  // A server that ignores Range answers with the whole file: take the part, and stop before the rest arrives.
  const skip = response.status === 206 ? 0 : offset;
  const bytes = new Uint8Array(length);
  let position = -skip;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  for await (const part of body ?? noBytes()) {
    const from = Math.max(0, -position);
    const taken = part.subarray(from, Math.min(part.length, length - position));
    bytes.set(taken, Math.max(0, position));
    position += part.length;
    if (position >= length) break;
  }
  if (position >= length) return bytes;
  throw new FailureError('hub-unreachable', `The hub sent ${Math.max(0, position)} of ${length} bytes and stopped.`, {
    remedy: 'Try again.',
    evidence: [url],
    isTransient: true,
  });
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
