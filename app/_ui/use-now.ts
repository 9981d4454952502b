'use client';
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let nowMs = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
}

const never = () => () => {};

/**
 * The time now, once a second, from one timer for the whole page; null while rendering on the server, whose clock would
 * not match. With `ticking` false it stays where it was.
 */
export function useNow(ticking = true): number | null {
  return useSyncExternalStore(ticking ? subscribe : never, currentMs, () => null);
}

function currentMs(): number {
  // Without a subscriber the stored time is old by up to for ever; one second of grace keeps the snapshot stable.
  if (Math.abs(Date.now() - nowMs) > 1500) nowMs = Date.now();
  return nowMs;
}
