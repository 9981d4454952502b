import type { Socket } from 'node:net';
import type { Client } from 'ssh2';
import { FailureError } from '../domain/failure';
import { addressOf, type HostEndpoint } from './host-endpoint';
import { printable } from './printable-text';

/** An authenticated connection. Closed for good once `onClose` has been called. */
export interface SshConnection {
  readonly endpoint: HostEndpoint;
  readonly client: Client;
  readonly fingerprint: string;
  /** Duration of the TCP handshake: one round trip to the host, or to the proxy before it. */
  readonly roundTripMs: number;
  isOpen(): boolean;
  /** The failure for everything that was under way when the connection died. */
  lostFailure(): FailureError;
  /** Answers with a function that takes the listener away again. */
  onClose(listener: () => void): () => void;
  close(): void;
}

interface Opened {
  readonly endpoint: HostEndpoint;
  readonly socket: Socket;
  readonly roundTripMs: number;
}

/** A connection whose login is done, over one client of ssh2. */
export class OpenConnection implements SshConnection {
  readonly endpoint: HostEndpoint;
  readonly client: Client;
  readonly fingerprint: string;
  readonly roundTripMs: number;
  readonly #socket: Socket;
  #isOpen = true;
  #reason: unknown = null;
  readonly #listeners = new Set<() => void>();

  constructor(request: Opened, client: Client, fingerprint: string) {
    this.endpoint = request.endpoint;
    this.client = client;
    this.fingerprint = fingerprint;
    this.roundTripMs = request.roundTripMs;
    this.#socket = request.socket;
    client.on('error', (error) => {
      this.#reason ??= error;
    });
    client.once('close', () => this.#ended());
  }

  isOpen(): boolean {
    return this.#isOpen;
  }

  lostFailure(): FailureError {
    const reason = this.#reason instanceof Error ? [printable(this.#reason.message, 200)] : [];
    return new FailureError('host-lost', `The connection to ${addressOf(this.endpoint)} was cut.`, {
      remedy: 'Nothing on the host is lost: commands go on there, and the connection is made again.',
      evidence: reason,
      isTransient: true,
      cause: this.#reason ?? undefined,
    });
  }

  onClose(listener: () => void): () => void {
    if (this.#isOpen) this.#listeners.add(listener);
    else queueMicrotask(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.client.end();
    // A host that is gone never acknowledges the goodbye.
    setTimeout(() => this.#socket.destroy(), 1000).unref();
  }

  #ended(): void {
    this.#isOpen = false;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
