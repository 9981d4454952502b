export interface ByteMeter {
  bytes: number;
}

/** The same fetch, counting the bytes of every body as they are read. */
export function meteredFetch(fetchHere: typeof fetch, meter: ByteMeter): typeof fetch {
  return async (input, init) => {
    const response = await fetchHere(input, init);
    const count = (chunk: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>) => {
      meter.bytes += chunk.length;
      controller.enqueue(chunk);
    };
    if (response.body === null) return response;
    const metered = new Response(response.body.pipeThrough(new TransformStream({ transform: count })), response);
    // Where redirects led is known to the original only.
    Object.defineProperty(metered, 'url', { value: response.url });
    return metered;
  };
}
