'use client';
import { useSyncExternalStore } from 'react';
import { liveSocket } from './socket-client';

export interface Connection {
  readonly state: 'connecting' | 'live' | 'reconnecting' | 'offline';
  /** Since when, ms since the epoch. */
  readonly sinceMs: number;
}

/** A cut shorter than this is not worth the word "offline". */
const OFFLINE_AFTER_MS = 15_000;
const SERVER: Connection = { state: 'connecting', sinceMs: 0 };

let connection: Connection = SERVER;
let offlineTimer: ReturnType<typeof setTimeout> | undefined;
let isWatching = false;
const listeners = new Set<() => void>();

function move(state: Connection['state']): void {
  if (connection.state === state) return;
  // "Since" is when the connection was lost, whatever it is called meanwhile.
  const keeps = connection.state === 'reconnecting' && state === 'offline';
  connection = { state, sinceMs: keeps ? connection.sinceMs : Date.now() };
  for (const listener of listeners) listener();
}

function watch(): void {
  if (isWatching) return;
  isWatching = true;
  connection = { state: 'connecting', sinceMs: Date.now() };
  const socket = liveSocket();
  const live = () => {
    clearTimeout(offlineTimer);
    offlineTimer = undefined;
    move('live');
  };
  const lost = () => {
    if (connection.state !== 'offline') move('reconnecting');
    offlineTimer ??= setTimeout(() => move('offline'), OFFLINE_AFTER_MS);
  };
  socket.on('connect', live);
  socket.on('disconnect', lost);
  socket.on('connect_error', lost);
  window.addEventListener('offline', () => move('offline'));
  window.addEventListener('online', () => socket.connect());
  if (socket.connected) live();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  watch();
  return () => {
    listeners.delete(listener);
  };
}

/** How fresh the page's data is. The first user of this opens the socket. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    subscribe,
    () => connection,
    () => SERVER,
  );
}
