import { setTimeout as delay } from 'node:timers/promises';

/** The real clock, in the shape the pipeline asks for. `sleep` rejects with the signal's reason when it is aborted. */
export const systemClock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: async (durationMs: number, signal?: AbortSignal): Promise<void> => {
    try {
      await delay(durationMs, undefined, signal ? { signal } : {});
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
