import type { LiveMessage } from './hub';
import type { SocketLoad } from './log-batcher';

export interface LatestSender {
  send(message: LiveMessage): void;
  stop(): void;
}

const RETRY_MS = 100;

/**
 * Keeps at most one waiting message of each key for a socket that is behind, and none of the volatile ones: a slow
 * reader gets the newest state late instead of every state later and later.
 */
export function createLatestSender(load: () => SocketLoad, emit: (message: LiveMessage) => void): LatestSender {
  const waiting = new Map<string, LiveMessage>();
  let timer: NodeJS.Timeout | null = null;

  function retry(): void {
    timer = null;
    for (const [key, message] of waiting) {
      if (load() !== 'free') break;
      waiting.delete(key);
      emit(message);
    }
    if (waiting.size > 0) timer = setTimeout(retry, RETRY_MS);
  }

  return {
    send(message) {
      const key = `${message.event} ${message.key}`;
      if (load() === 'free' && !waiting.has(key)) {
        emit(message);
        return;
      }
      if (message.isVolatile) return;
      // Deleting first moves the key to the end: order of arrival stays order of sending.
      waiting.delete(key);
      waiting.set(key, message);
      timer ??= setTimeout(retry, RETRY_MS);
    },
    stop() {
      if (timer) clearTimeout(timer);
      waiting.clear();
    },
  };
}
