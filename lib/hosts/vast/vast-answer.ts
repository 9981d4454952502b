import { FailureError } from '../../domain/failure';
import type { VastRoute } from './vast-routes';

/** What came back, as far as it could be read. */
export interface VastAnswer {
  readonly status: number;
  /** Undefined when it was not JSON. */
  readonly json: unknown;
  readonly text: string;
  readonly retryAfterMs: number | null;
}

const MOST_BYTES = 16 * 1024 * 1024;
const MOST_ERROR_BYTES = 16 * 1024;
/** A wait that somebody asks for is not followed beyond this. */
const MOST_RETRY_AFTER_MS = 10 * 60_000;

/** Reads an answer with bounded memory; an error that is longer than any real one is cut. */
export async function readAnswer(response: Response, route: VastRoute): Promise<VastAnswer> {
  const isError = !response.ok;
  const text = await readText(response, isError ? MOST_ERROR_BYTES : MOST_BYTES, isError, route);
  const json = parseJson(text);
  return { status: response.status, json, text, retryAfterMs: retryAfterOf(response.headers, json) };
}

async function readText(response: Response, maxBytes: number, mayCut: boolean, route: VastRoute): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (response.body as AsyncIterable<Uint8Array> | null) ?? []) {
    parts.push(part);
    bytes += part.length;
    if (bytes <= maxBytes) continue;
    if (mayCut) break;
    throw answerInvalid(route, `more than ${maxBytes} bytes`);
  }
  return Buffer.concat(parts).subarray(0, maxBytes).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Seconds in a header or in the body; dates are not sent. */
function retryAfterOf(headers: Headers, json: unknown): number | null {
  const inBody = typeof json === 'object' && json !== null && 'retry_after' in json ? json.retry_after : null;
  const seconds = Number(headers.get('retry-after') ?? inBody ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, MOST_RETRY_AFTER_MS) : null;
}

/** True for a 2xx that does not say of itself that it failed, which is the only sign of success. */
export function isSuccess({ status, json }: VastAnswer): boolean {
  if (status < 200 || status > 299 || json === undefined) return false;
  return !(typeof json === 'object' && json !== null && 'success' in json && json.success === false);
}

export function answerInvalid(route: VastRoute, why: string): FailureError {
  return new FailureError(
    'rental-answer-invalid',
    'What vast.ai answered cannot be read, so nothing was concluded from it.',
    {
      remedy: 'Try again in a minute. If it stays, vast.ai has changed: look for a newer Quantdeck.',
      evidence: [`${route.method} ${route.name}: ${why}`],
      isTransient: true,
    },
  );
}
