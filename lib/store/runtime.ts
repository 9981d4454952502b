import type { PrismaClient } from './generated/client';
import type { KeyMaterial } from './key-material';
import { WriteQueue } from './write-queue';

/** What the server hands over at start. */
export interface RuntimeOptions {
  /** The only client of this process: a second one would wait for the first one's lock and freeze the event loop. */
  readonly client: PrismaClient;
  /** Absolute path of the folder with the database, keys, logs and artifacts. */
  readonly dataFolder: string;
  /** 32 bytes that encrypt every stored secret. */
  readonly masterKey: Buffer;
  /** Origins that may send actions and open sockets, e.g. `http://127.0.0.1:3000`. */
  readonly allowedOrigins: readonly string[];
  /** True when people reach the dashboard over HTTPS. */
  readonly secureCookies: boolean;
  readonly wakeListeners: Set<() => void>;
  /**
   * Reads an imported private key (lib/ssh does; commands may not import it). Throws `ssh-key-invalid` or
   * `ssh-key-passphrase`. Absent: imported keys are refused.
   */
  readonly readPrivateKey?: (privateKey: string, passphrase?: string) => Pick<KeyMaterial, 'publicKey' | 'fingerprint'>;
}

export interface Runtime extends RuntimeOptions {
  /** One writer at a time, whichever copy of the code it comes from. */
  readonly writes: WriteQueue;
}

/** The registered symbol is the same in every copy of this module; Next loads its own copy of all that pages import. */
const KEY = Symbol.for('quantdeck.runtime');
const registry = globalThis as unknown as Record<symbol, Runtime | undefined>;

/** Puts the process's one runtime in place; called once by the server (and by each test file). */
export function setRuntime(options: RuntimeOptions): Runtime {
  const created: Runtime = { ...options, writes: new WriteQueue() };
  registry[KEY] = created;
  return created;
}

/** The process's runtime. Throws when the code was started without the server, e.g. by `next start`. */
export function runtime(): Runtime {
  const current = registry[KEY];
  if (current) return current;
  throw new Error('Quantdeck was started without its server: there is no database here. Start it with `npm start`.');
}

/** Forgets the runtime; for shutdown and tests. */
export function clearRuntime(): void {
  registry[KEY] = undefined;
}

/** Tells the worker and the outbox follower to look now instead of at their next poll. */
export function wake(): void {
  for (const listener of runtime().wakeListeners) listener();
}

/** Registers a listener of `wake()`; returns the function that removes it. */
export function onWake(listener: () => void): () => void {
  const { wakeListeners } = runtime();
  wakeListeners.add(listener);
  return () => wakeListeners.delete(listener);
}
