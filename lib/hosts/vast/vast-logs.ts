import { FailureError } from '../../domain/failure';
import { withoutKeys } from './plain-text';
import type { VastApi } from './vast-api';
import type { VastConnection } from './vast-connection';
import { idOf } from './vast-instances';
import { ROUTES } from './vast-routes';
import { logsSchema } from './vast-schemas';

const POLLS = 15;
const POLL_MS = 2000;
/** Whoever waits for the log pays for the machine meanwhile. */
const LONGEST_MS = 40_000;
const MOST_BYTES = 256 * 1024;
const NOT_YET = /^\s*waiting on logs/i;

/**
 * The last lines of a container's log. Vast puts them at an address elsewhere a little later; the key never goes there.
 * Null when they did not appear in time.
 */
export async function readVastLog(api: VastApi, instanceId: string, lines: number): Promise<string | null> {
  const { result_url: address } = await api.ask(
    {
      route: ROUTES.requestLogs,
      path: `/api/v0/instances/request_logs/${idOf(instanceId)}/`,
      body: { tail: String(lines) },
    },
    logsSchema,
  );
  const url = checkedAddress(address, api.connection);
  const { clock } = api.connection;
  const endMs = clock.nowMs() + LONGEST_MS;
  for (let poll = 0; poll < POLLS && clock.nowMs() < endMs; poll += 1) {
    if (poll > 0) await clock.sleep(POLL_MS);
    const text = await fetchText(url, api.connection);
    if (text !== null && !NOT_YET.test(text)) return withoutKeys(text, api.connection.apiKey);
  }
  return null;
}

/** Only the open network by https, or, beside a fake, this machine: an answer must not send us to anything in between. */
function checkedAddress(address: string, { isReal }: VastConnection): URL {
  const url = new URL(address);
  const { protocol, hostname } = url;
  const isNamed = hostname.includes('.') && !/^[\d.:[\]]+$/.test(hostname);
  if (isReal ? protocol === 'https:' && isNamed : hostname === '127.0.0.1') return url;
  throw new FailureError('rental-answer-invalid', 'vast.ai named an odd address for the log. It was not opened.', {
    evidence: [`${url.protocol}//${url.host}`],
  });
}

async function fetchText(url: URL, { fetch, timeoutMs }: VastConnection): Promise<string | null> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) {
      await response.body?.cancel();
      return null;
    }
    return await readEnd(response);
  } catch {
    // Not there yet, or a cut connection: the next turn asks again.
    return null;
  }
}

/** Its end, when it is longer than anybody reads. */
async function readEnd(response: Response): Promise<string> {
  let end = Buffer.alloc(0);
  for await (const part of (response.body as AsyncIterable<Uint8Array> | null) ?? []) {
    end = Buffer.concat([end, part]);
    if (end.length > MOST_BYTES) end = end.subarray(end.length - MOST_BYTES);
  }
  return end.toString('utf8');
}
