import { FailureError, isFailureError } from '../domain/failure';
import type { HubConnection, HubSubject } from './hub-connection';
import { hubAnswerFailure, hubUnreachable } from './hub-failure';
import { watchedBody } from './watched-body';

/**
 * A fetch that adds the token for the hub's own origin only (fetch itself drops it on a redirect elsewhere), stops
 * after silence, and turns every refusal into a FailureError.
 */
export function createHubFetch(connection: HubConnection, subject: HubSubject): typeof fetch {
  const origin = new URL(connection.endpoint).origin;
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init.headers);
    if (connection.token !== null && url.origin === origin) headers.set('authorization', `Bearer ${connection.token}`);
    const silence = new Silence(connection.timeoutMs);
    const signals = [silence.signal, ...(init.signal ? [init.signal] : [])];
    silence.begin();
    try {
      const answer = await connection.fetch(url, { ...init, headers, signal: AbortSignal.any(signals) });
      const response = watched(answer, connection, silence);
      if (!response.ok) throw await hubAnswerFailure(response, connection, subject);
      return response;
    } catch (error) {
      if (isFailureError(error) || init.signal?.aborted) throw error;
      throw hubUnreachable(error, connection);
    } finally {
      silence.end();
    }
  };
}

/** The headers of a checkpoint take 100 MB at most, and nothing that is read here as much as that. */
const MOST_BODY_BYTES = 128 * 1024 * 1024;

function endless(): FailureError {
  return new FailureError('hub-unreachable', 'The hub sends more than any answer of a hub holds.', {
    remedy: 'Check HF_ENDPOINT: it must be the address of a hub or of a mirror of one.',
  });
}

/** Ends a request when nothing comes for so long: a slow line takes its time, a dead one does not get it. */
class Silence {
  readonly #timeoutMs: number;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | null = null;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  begin(): void {
    this.end();
    const giveUp = () => this.#controller.abort(new DOMException('nothing came for too long', 'TimeoutError'));
    this.#timer = setTimeout(giveUp, this.#timeoutMs);
  }

  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** The same answer, its body counted, and watched for silence while it is read. */
function watched(response: Response, { meter }: HubConnection, silence: Silence): Response {
  if (response.body === null) return response;
  let received = 0;
  const body = watchedBody(response.body, {
    waiting: () => silence.begin(),
    arrived: (bytes) => {
      meter.bytes += bytes;
      received += bytes;
      if (received > MOST_BODY_BYTES) throw endless();
    },
    idle: () => silence.end(),
  });
  const same = new Response(body, response);
  // Where redirects led is known to the original only.
  Object.defineProperty(same, 'url', { value: response.url });
  return same;
}

/** Runs calls of the hub's library; what it throws beside our failures is an answer that is not the hub's. */
export async function asHubFailure<T>(connection: HubConnection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isFailureError(error)) throw error;
    const isNetwork =
      error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError' || 'code' in error);
    if (isNetwork) throw hubUnreachable(error, connection);
    throw new FailureError(
      'hub-unreachable',
      `What answers at ${connection.endpoint} does not speak like a Hugging Face hub.`,
      {
        remedy: 'Check HF_ENDPOINT: it must be the address of a hub or of a mirror of one.',
        evidence: [error instanceof Error ? error.message : String(error)],
        cause: error,
      },
    );
  }
}
