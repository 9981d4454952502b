import type { ServerResponse } from 'node:http';

export interface ResponseWriter {
  /** Aborted when the client left before the end: the source must stop. */
  readonly signal: AbortSignal;
  /** Resolves when the next chunk may come: the reader's pace is the source's pace. Rejects once the client has left. */
  write(chunk: Uint8Array): Promise<void>;
  /** Resolves when the last byte is with the kernel. */
  end(): Promise<void>;
}

/** Writes a body from a source that hands out chunks. */
export function createResponseWriter(response: ServerResponse): ResponseWriter {
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) left.abort(new Error('the client closed the connection'));
  });
  if (response.destroyed) left.abort(new Error('the client closed the connection'));

  function untilEvent(event: 'drain' | 'finish'): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        response.off(event, onEvent);
        reject(left.signal.reason);
      };
      const onEvent = () => {
        left.signal.removeEventListener('abort', onAbort);
        resolve();
      };
      response.once(event, onEvent);
      left.signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  return {
    signal: left.signal,
    async write(chunk) {
      left.signal.throwIfAborted();
      if (!response.write(chunk)) await untilEvent('drain');
    },
    async end() {
      left.signal.throwIfAborted();
      const finished = untilEvent('finish');
      response.end();
      await finished;
    },
  };
}
