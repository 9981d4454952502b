'use client';
import { useSyncExternalStore } from 'react';
import { isPageHidden, onPageShown } from './page-visibility';

const listeners = new Set<() => void>();
let stopTicking: (() => void) | null = null;
let nowMs = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  stopTicking ??= startTicking();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      stopTicking?.();
      stopTicking = null;
    }
  };
}

/** Each second, and at once when the tab is looked at again; a hidden tab has no clock. */
function startTicking(): () => void {
  const tick = () => {
    if (isPageHidden()) return;
    nowMs = Date.now();
    for (const each of listeners) each();
  };
  const timer = setInterval(tick, 1000);
  const stopListening = onPageShown(tick);
  return () => {
    clearInterval(timer);
    stopListening();
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
