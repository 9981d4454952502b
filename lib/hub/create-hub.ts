import { FailureError } from '../domain/failure';
import { HUB_REPO_PATTERN } from '../domain/source';
import type { ByteRangeReader } from '../model/byte-range-reader';
import type { ConfigEvidence } from '../model/config-evidence';
import { readConfigEvidence } from './config-evidence';
import { buildFetchProgram, type FetchRequest, type HostProgram } from './fetch-program';
import { findBase } from './find-base';
import { hubByteRangeReader } from './hub-byte-range-reader';
import type { HubConnection } from './hub-connection';
import { asHubFailure, createHubFetch } from './hub-fetch';
import { type HubListing, listHubFiles } from './hub-listing';

export interface HubOptions {
  /** HF_ENDPOINT: the hub or a mirror of it. */
  readonly endpoint: string;
  readonly token: string | null;
  readonly fetch?: typeof fetch;
  /** Silence after which a request is given up. */
  readonly timeoutMs?: number;
}

export interface HuggingFaceHub {
  list(repo: string, revision: string): Promise<HubListing>;
  reader(listing: HubListing): ByteRangeReader;
  evidence(listing: HubListing, origin: 'earlier-revision' | 'base-model'): Promise<ConfigEvidence[]>;
  base(listing: HubListing): Promise<HubListing | null>;
  /** Bytes that the hub's answers had so far, whatever they were asked for. */
  bytesReceived(): number;
  fetchProgram(request: FetchRequest): Promise<HostProgram>;
  secrets(): readonly string[];
}

/** The hub at one endpoint with one token. Knows nothing of others: settings may change between two calls of this function. */
export function createHub(options: HubOptions): HuggingFaceHub {
  const connection: HubConnection = {
    endpoint: options.endpoint.replace(/\/+$/, ''),
    token: options.token === null || options.token.trim() === '' ? null : options.token.trim(),
    fetch: options.fetch ?? fetch,
    timeoutMs: options.timeoutMs ?? 10_000,
    meter: { bytes: 0 },
  };
  const list = async (repo: string, revision: string): Promise<HubListing> => {
    if (!HUB_REPO_PATTERN.test(repo)) {
      throw new FailureError('invalid-input', 'A model id looks like owner/name.', {
        evidence: [JSON.stringify(repo.slice(0, 100))],
      });
    }
    const fetchHere = createHubFetch(connection, { repo, revision });
    return asHubFailure(connection, () => listHubFiles(connection.endpoint, repo, revision, fetchHere));
  };
  return {
    list,
    base: (listing) => findBase(connection, listing, list),
    reader: (listing) => hubByteRangeReader(connection, listing),
    evidence: (listing, origin) => readConfigEvidence(connection, listing, origin),
    bytesReceived: () => connection.meter.bytes,
    fetchProgram: async (request) => buildFetchProgram(request, connection),
    secrets: () => (connection.token === null ? [] : [connection.token]),
  };
}
