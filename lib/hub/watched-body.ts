/** What is told about a body while it is read. */
export interface BodyWatch {
  /** The next bytes are waited for. */
  waiting(): void;
  arrived(bytes: number): void;
  /** They came, or nobody wants more. */
  idle(): void;
}

/** The same body, read no faster than it is asked for, telling what happens. */
export function watchedBody(body: ReadableStream<Uint8Array>, watch: BodyWatch): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        watch.waiting();
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else {
            watch.arrived(value.length);
            controller.enqueue(value);
          }
        } finally {
          watch.idle();
        }
      },
      cancel: (reason) => {
        watch.idle();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
