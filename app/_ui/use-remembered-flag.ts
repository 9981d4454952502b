'use client';
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
/** What was chosen in this page: a browser that refuses to store anything remembers it as long as the page. */
const chosen = new Map<string, boolean>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Another tab has changed it.
  const onStorage = (event: StorageEvent) => {
    if (event.key !== null) chosen.delete(event.key);
    listener();
  };
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

function read(name: string): boolean | null {
  try {
    const text = localStorage.getItem(name);
    return text === null ? null : text === 'yes';
  } catch {
    return null;
  }
}

/** A switch that this browser remembers, in all of its tabs; `byDefault` until somebody has touched it. */
export function useRememberedFlag(name: string, byDefault: () => boolean): [boolean, (value: boolean) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => chosen.get(name) ?? read(name) ?? byDefault(),
    () => false,
  );
  const choose = (next: boolean) => {
    chosen.set(name, next);
    try {
      localStorage.setItem(name, next ? 'yes' : 'no');
    } catch (error) {
      console.warn('nothing can be remembered in this browser', error);
    }
    for (const listener of listeners) listener();
  };
  return [value, choose];
}
