import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; rejects with the signal's own reason when it aborts. */
export async function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(durationMs, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
