import { FailureError } from '../domain/failure';
import type { ByteRangeReader } from '../model/byte-range-reader';
import type { HubConnection } from './hub-connection';
import { asHubFailure, createHubFetch } from './hub-fetch';
import type { HubFile, HubListing } from './hub-listing';

/** Each takes a connection of its own; more would make a hub count us among the rude. */
const MOST_REQUESTS = 24;
/** What a server that ignores Range may send before the part that was asked for. */
const MOST_SKIPPED_BYTES = 16 * 1024 * 1024;

/**
 * The files of one commit on the hub, by byte range: enough to inspect a checkpoint without fetching it. Only bytes of
 * files as they were listed are handed on: an answer for another part, or of a file of another size, is refused.
 * @throws FailureError as the hub's other calls.
 */
export function hubByteRangeReader(connection: HubConnection, listing: HubListing): ByteRangeReader {
  const files = new Map(listing.files.map((file) => [file.path, file]));
  const fetchHere = createHubFetch(connection, { repo: listing.repo, revision: listing.commit });
  const inTurn = turnstile(MOST_REQUESTS);
  const addresses = new Map<string, string>();
  return {
    list: async () => listing.files.map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    sizeBytes: async (path) => files.get(path)?.sizeBytes ?? null,
    read: async (path, offset, length) => {
      const file = files.get(path);
      if (!file) throw new FailureError('download-failed', `${path} is not among the files of ${listing.repo}.`);
      const wanted = Math.max(0, Math.min(length, file.sizeBytes - offset));
      if (wanted === 0) return new Uint8Array();
      const range = { offset, length: wanted };
      return inTurn(() => asHubFailure(connection, () => readRange(fetchHere, file, range, addresses)));
    },
  };
}

interface Range {
  readonly offset: number;
  readonly length: number;
}

async function readRange(
  fetchHere: typeof fetch,
  file: HubFile,
  range: Range,
  addresses: Map<string, string>,
): Promise<Uint8Array> {
  const { offset, length } = range;
  const headers = { range: `bytes=${offset}-${offset + length - 1}`, 'accept-encoding': 'identity' };
  const response = await fetchWhereItLies(fetchHere, file, { headers }, addresses);
  // A server that ignores Range answers with the whole file: take the part, and stop before the rest arrives.
  const skip = response.status === 206 ? 0 : offset;
  const problem = response.status === 206 ? wrongPart(response, file, range) : tooMuchToSkip(skip);
  if (problem !== null) {
    await response.body?.cancel();
    throw unusable(`${problem}.`, [file.url]);
  }
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
  throw unusable(`The hub sent ${Math.max(0, position)} of ${length} bytes and stopped.`, [file.url]);
}

/** The hub sends on to where large files lie; what was learned once saves a round trip, until that address expires. */
async function fetchWhereItLies(
  fetchHere: typeof fetch,
  file: HubFile,
  init: RequestInit,
  addresses: Map<string, string>,
): Promise<Response> {
  const known = addresses.get(file.path);
  if (known !== undefined) {
    try {
      return await fetchHere(known, init);
    } catch {
      addresses.delete(file.path);
    }
  }
  const response = await fetchHere(file.url, init);
  if (response.url !== '' && response.url !== file.url) addresses.set(file.path, response.url);
  return response;
}

/** What a Content-Range says against what was asked for; null when they agree. */
function wrongPart(response: Response, file: HubFile, { offset, length }: Range): string | null {
  const text = response.headers.get('content-range') ?? '';
  const [, from, to, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(text) ?? [];
  if (Number(from) !== offset || Number(to) > offset + length - 1) {
    return `The hub was asked for ${length} bytes of ${file.path} from byte ${offset} on, and answered with ${text === '' ? 'a part of which it does not say where it belongs' : text.slice(0, 80)}`;
  }
  if (total === '*' || Number(total) === file.sizeBytes) return null;
  return `${file.path} is listed with ${file.sizeBytes} bytes, and now has ${total}: it was changed`;
}

function tooMuchToSkip(skip: number): string | null {
  if (skip <= MOST_SKIPPED_BYTES) return null;
  return `The hub does not answer requests for a part of a file, and the part that is needed begins at byte ${skip}`;
}

function unusable(message: string, evidence: readonly string[]): FailureError {
  return new FailureError('hub-unreachable', message, { remedy: 'Try again.', evidence, isTransient: true });
}

/** Lets so many work at a time, the others in the order in which they came. */
function turnstile(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work) => {
    if (inside >= most) await new Promise<void>((enter) => waiting.push(enter));
    else inside += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
