import { FETCH_ALL_SOURCE } from './fetch-all-source';
import { FETCH_FILE_SOURCE } from './fetch-file-source';
import { FETCH_PART_SOURCE } from './fetch-part-source';
import { FETCH_REQUEST_SOURCE } from './fetch-request-source';
import type { HubConnection } from './hub-connection';
import type { HubFile, HubListing } from './hub-listing';

export interface FetchRequest {
  readonly listing: HubListing;
  readonly files: readonly HubFile[];
  /** On the host: absolute, or below `~/`. */
  readonly folder: string;
  /** A Python 3.8 or newer on the host; only its standard library is used. */
  readonly python: string;
  /** Files larger than this are fetched in pieces of this size, by several connections at once. */
  readonly pieceBytes?: number;
}

export interface HostProgram {
  readonly script: string;
  readonly environment: Record<string, string>;
}

/** Small enough that all connections are busy to the end of a file, large enough that opening them does not count. */
const PIECE_BYTES = 32 * 1024 * 1024;
const END = 'QUANTDECK_FETCH_PROGRAM';

/**
 * The program that fetches files on the host: large ones by several connections where the server sends ranges. It
 * resumes what is there by byte, also after a kill, checks every hash over the whole file, and writes
 * `.quantdeck-complete.json` as its last act. Names travel as JSON inside a quoted here-document and the interpreter's
 * path in the environment, so no shell ever reads either; the token is in the environment only.
 */
export function buildFetchProgram(
  request: FetchRequest,
  connection: Pick<HubConnection, 'endpoint' | 'token'>,
): HostProgram {
  const plan = {
    endpoint: connection.endpoint,
    repo: request.listing.repo,
    commit: request.listing.commit,
    folder: request.folder,
    pieceBytes: request.pieceBytes ?? PIECE_BYTES,
    files: request.files.map(({ path, sizeBytes, sha256, gitOid, url }) => ({ path, sizeBytes, sha256, gitOid, url })),
  };
  const script = [
    '# Fetches the files of one commit from the hub into a folder, resuming and checking every hash.',
    // A token that the host happens to have is not ours to use.
    connection.token === null ? 'unset HF_TOKEN; export QD_PYTHON' : 'export QD_PYTHON HF_TOKEN',
    `exec "$QD_PYTHON" -u - <<'${END}'`,
    'import json',
    `PLAN = json.loads(r'''${asciiJson(plan)}''')`,
    ...[FETCH_REQUEST_SOURCE, FETCH_PART_SOURCE, FETCH_FILE_SOURCE, FETCH_ALL_SOURCE].map((source) => source.trimEnd()),
    END,
    '',
  ].join('\n');
  return {
    script,
    environment: { QD_PYTHON: request.python, ...(connection.token === null ? {} : { HF_TOKEN: connection.token }) },
  };
}

/** JSON, one file a line, that a raw Python string in triple quotes holds as it is: ASCII only and without an apostrophe. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(
    /['\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
