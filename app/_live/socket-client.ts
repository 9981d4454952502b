'use client';
import { io, type Socket } from 'socket.io-client';
import { type ClientEvents, type ServerEvents, SOCKET_PATH } from '../../lib/live/events';

export type LiveSocket = Socket<ServerEvents, ClientEvents>;

let shared: LiveSocket | null = null;

/** The one socket of this page, connected on first use. Websocket only: long polling could not keep log order cheaply. */
export function liveSocket(): LiveSocket {
  if (shared) return shared;
  const socket: LiveSocket = io({
    path: SOCKET_PATH,
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
  });
  socket.on('session:ended', goToLogin);
  socket.on('connect_error', (error) => {
    if (/unauthenticated/i.test(error.message)) goToLogin();
    // A refusal by the server ends socket.io's own retries; a server that is starting may refuse for a moment.
    else if (!socket.active) setTimeout(() => socket.connect(), 3000);
  });
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 1000);
  });
  shared = socket;
  return socket;
}

/** Runs now if connected, and again after every reconnect. Returns what ends it. */
export function onEachConnect(socket: LiveSocket, run: () => void): () => void {
  if (socket.connected) run();
  socket.on('connect', run);
  return () => {
    socket.off('connect', run);
  };
}

function goToLogin(): void {
  // After logging out the page is there already when the socket hears that the session has ended.
  if (window.location.pathname === '/login') return;
  window.location.assign(`/login?next=${encodeURIComponent(window.location.pathname + window.location.search)}`);
}
