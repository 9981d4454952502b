import { FailureError } from '../domain/failure';
import type { ServerEvents } from './events';

/** One event on its way to browsers. */
export type LiveMessage = {
  [E in keyof ServerEvents]: {
    readonly event: E;
    readonly payload: Parameters<ServerEvents[E]>[0];
    /** Of two waiting messages with the same key only the newer is sent. */
    readonly key: string;
    /** Dropped instead of kept waiting while the socket is behind. */
    readonly isVolatile: boolean;
  };
}[keyof ServerEvents];

export type LiveListener = (message: LiveMessage) => void;

export interface LiveHub {
  /** Returns the function that ends the subscription. Throws `rate-limited` when the hub is full. */
  subscribe(topic: string, listener: LiveListener): () => void;
  /** Every listener of any of the topics gets the message once. */
  publish(topics: readonly string[], message: LiveMessage): void;
  hasListeners(topic: string): boolean;
}

/** Far above what one dashboard's browsers use; there so that a client gone wild cannot fill the memory. */
const MAX_TOPICS = 5000;
const MAX_LISTENERS_PER_TOPIC = 1000;

/** In-memory publish and subscribe. Holds no messages: what nobody listens to is gone, the database is the truth. */
export function createLiveHub(onListenerError: (error: unknown) => void): LiveHub {
  const topics = new Map<string, Set<LiveListener>>();
  return {
    subscribe(topic, listener) {
      const listeners = topics.get(topic) ?? new Set();
      if (topics.size >= MAX_TOPICS || listeners.size >= MAX_LISTENERS_PER_TOPIC) {
        throw new FailureError(
          'rate-limited',
          `Too many watchers: ${topics.size} topics, ${listeners.size} on this one.`,
          {
            remedy: 'Close some browser tabs.',
          },
        );
      }
      topics.set(topic, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic);
      };
    },
    publish(names, message) {
      const listeners = new Set(names.flatMap((name) => [...(topics.get(name) ?? [])]));
      for (const listener of listeners) {
        try {
          listener(message);
        } catch (error) {
          // One broken socket must not keep the others from hearing.
          onListenerError(error);
        }
      }
    },
    hasListeners: (topic) => topics.has(topic),
  };
}
