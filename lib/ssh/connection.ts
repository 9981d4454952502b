import { connect as connectTcp, type NetConnectOpts, type Socket } from 'node:net';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { FailureError } from '../domain/failure';
import { ALGORITHMS } from './algorithms';
import { type ConnectProgress, connectFailure, timedOut } from './connect-failure';
import { addressOf, type HostEndpoint } from './host-endpoint';
import { fingerprintOf, parsePrivateKey } from './keys';
import { printable } from './printable-text';

export const CONNECT_TIMEOUT_MS = 15_000;
const KEEPALIVE_MS = 15_000;
const KEEPALIVE_MISSES = 3;

export interface ConnectOptions {
  /** `SHA256:…` of the host key this instance is known by; null on first contact. */
  readonly pinned: string | null;
  /** Told the fingerprint on first contact, before anything is sent; the connection waits until it is stored. */
  readonly onFirstContact?: (fingerprint: string) => void | Promise<void>;
  readonly signal?: AbortSignal;
  readonly connectTimeoutMs?: number;
}

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

/**
 * Connects and proves both sides' identity: theirs by the pinned host key, ours by key or password.
 *
 * @throws FailureError with one of the `host-*` and `ssh-*` codes; the signal's reason when aborted.
 */
export async function openConnection(endpoint: HostEndpoint, options: ConnectOptions): Promise<SshConnection> {
  const auth = authConfig(endpoint);
  options.signal?.throwIfAborted();
  const progress: ConnectProgress = { isConnected: false, greeting: '', methodsLeft: null, keyType: auth.keyType };
  const timeout = AbortSignal.timeout(options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    const { socket, roundTripMs } = await openSocket(endpoint, signal);
    progress.isConnected = true;
    return await handshake({ endpoint, options, auth: auth.config, progress, socket, roundTripMs, signal });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (timeout.aborted) throw timedOut(endpoint, progress, error);
    throw connectFailure(error, endpoint, progress);
  }
}

function authConfig(endpoint: HostEndpoint): { config: ConnectConfig; keyType: string | null } {
  const { auth } = endpoint;
  if (auth.kind === 'password') return { config: { password: auth.password, tryKeyboard: true }, keyType: null };
  const key = parsePrivateKey(auth.privateKey, auth.passphrase);
  const passphrase = auth.passphrase === undefined ? {} : { passphrase: auth.passphrase };
  return { config: { privateKey: `${auth.privateKey.trim()}\n`, ...passphrase }, keyType: key.type };
}

function openSocket(endpoint: HostEndpoint, signal: AbortSignal): Promise<{ socket: Socket; roundTripMs: number }> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const target: NetConnectOpts = { host: endpoint.host, port: endpoint.port };
    const socket = connectTcp(target);
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(flattened(error));
    });
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
      // From the first byte on: Nagle and delayed acknowledgments cost the handshake seven pauses of 40 ms.
      socket.setNoDelay(true);
      resolve({ socket, roundTripMs: performance.now() - startedMs });
    });
  });
}

/** A name with several addresses fails with one error for each; the last one speaks for them. */
function flattened(error: Error): unknown {
  return error instanceof AggregateError ? (error.errors.at(-1) ?? error) : error;
}

interface Handshake {
  readonly endpoint: HostEndpoint;
  readonly options: ConnectOptions;
  readonly auth: ConnectConfig;
  readonly progress: ConnectProgress;
  readonly socket: Socket;
  readonly roundTripMs: number;
  readonly signal: AbortSignal;
}

function handshake(request: Handshake): Promise<SshConnection> {
  const { endpoint, options, progress, socket, signal } = request;
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    let refusal: unknown = null;
    let fingerprint = '';
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', onAbort);
      client.destroy();
      socket.destroy();
      reject(refusal ?? error);
    };
    const onAbort = () => fail(signal.reason);
    const verify = (key: Buffer, answer: (isGood: boolean) => void) => {
      fingerprint = fingerprintOf(key);
      checkHostKey(endpoint, fingerprint, options).then(
        () => answer(true),
        (error: unknown) => {
          refusal = error;
          answer(false);
        },
      );
    };
    signal.addEventListener('abort', onAbort, { once: true });
    client.once('error', fail);
    client.once('close', () => fail(new Error('the other side closed the connection')));
    client.once('ready', () => {
      signal.removeEventListener('abort', onAbort);
      client.removeAllListeners('error').removeAllListeners('close');
      resolve(new OpenConnection(request, client, fingerprint));
    });
    answerPrompts(client, endpoint);
    client.connect({
      ...request.auth,
      sock: socket,
      username: endpoint.user,
      algorithms: ALGORITHMS,
      hostVerifier: verify,
      authHandler: methodsOf(endpoint, progress),
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: KEEPALIVE_MISSES,
      // Ours is the one that counts; this one only must not come first.
      readyTimeout: 2 * (options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS),
    });
    socket.once('data', (data: Buffer) => {
      progress.greeting = printable(data.subarray(0, 255).toString('latin1'), 120);
    });
  });
}

/** Tries our way in, and keeps what the server says it would accept, for the message when it refuses. */
function methodsOf(endpoint: HostEndpoint, progress: ConnectProgress): NonNullable<ConnectConfig['authHandler']> {
  const methods = endpoint.auth.kind === 'key' ? ['publickey'] : ['password', 'keyboard-interactive'];
  return ((left: string[] | null, _isPartial: boolean | null, next: (method: string | false) => void) => {
    if (left) progress.methodsLeft = left;
    next(methods.shift() ?? false);
  }) as NonNullable<ConnectConfig['authHandler']>;
}

/** Servers that ask for the password by prompt. Only a hidden prompt gets it: a visible one asks for something else. */
function answerPrompts(client: Client, endpoint: HostEndpoint): void {
  const { auth } = endpoint;
  if (auth.kind !== 'password') return;
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => {
    finish(prompts.map((prompt) => (prompt.echo ? '' : auth.password)));
  });
}

async function checkHostKey(endpoint: HostEndpoint, fingerprint: string, options: ConnectOptions): Promise<void> {
  if (options.pinned === null) {
    await options.onFirstContact?.(fingerprint);
    return;
  }
  if (options.pinned === fingerprint) return;
  throw new FailureError(
    'host-key-changed',
    `${addressOf(endpoint)} is not the machine it was: it shows another host key.`,
    {
      remedy:
        'If you reinstalled or replaced the machine, accept the new key on the page of the instance. If not, somebody may be in between: do not connect.',
      evidence: [`known: ${options.pinned}`, `shown: ${fingerprint}`],
    },
  );
}

class OpenConnection implements SshConnection {
  readonly endpoint: HostEndpoint;
  readonly client: Client;
  readonly fingerprint: string;
  readonly roundTripMs: number;
  readonly #socket: Socket;
  #isOpen = true;
  #reason: unknown = null;
  readonly #listeners = new Set<() => void>();

  constructor(request: Handshake, client: Client, fingerprint: string) {
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
