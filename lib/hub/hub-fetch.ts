import { FailureError, isFailureError } from '../domain/failure';
import type { HubConnection, HubSubject } from './hub-connection';
import { hubAnswerFailure, hubUnreachable } from './hub-failure';

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
    const signals = [AbortSignal.timeout(connection.timeoutMs), ...(init.signal ? [init.signal] : [])];
    try {
      const response = await connection.fetch(url, { ...init, headers, signal: AbortSignal.any(signals) });
      if (!response.ok) throw await hubAnswerFailure(response, connection, subject);
      return response;
    } catch (error) {
      if (isFailureError(error) || init.signal?.aborted) throw error;
      throw hubUnreachable(error, connection);
    }
  };
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
