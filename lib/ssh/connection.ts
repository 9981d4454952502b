import { connect as connectTcp, isIP, type NetConnectOpts, type Socket } from 'node:net';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { FailureError } from '../domain/failure';
import { ALGORITHMS } from './algorithms';
import { type ConnectProgress, connectFailure, timedOut } from './connect-failure';
import { Greeting } from './greeting';
import { addressOf, type HostEndpoint } from './host-endpoint';
import { fingerprintOf, parsePrivateKey } from './keys';
import { OpenConnection, type SshConnection } from './open-connection';
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
  /** Told how far it has come, for whoever wants to know where it ends. Texts of the host are printable and bounded. */
  readonly onStage?: (stage: ConnectStage) => void;
}

/** What was passed on the way to a login, in this order; `key-shown`, `refused` and `banner` are news within a stage. */
export type ConnectStage =
  | { readonly at: 'own-key'; readonly keyType: string | null }
  | { readonly at: 'name'; readonly address: string }
  | { readonly at: 'tcp' }
  | { readonly at: 'heard'; readonly text: string }
  | { readonly at: 'greeting' }
  | { readonly at: 'key-shown'; readonly fingerprint: string }
  | { readonly at: 'host-key' }
  | { readonly at: 'banner'; readonly text: string }
  | { readonly at: 'refused'; readonly methods: readonly string[]; readonly isPartlyIn: boolean };

/**
 * Connects and proves both sides' identity: theirs by the pinned host key, ours by key or password.
 *
 * @throws FailureError with one of the `host-*` and `ssh-*` codes; the signal's reason when aborted.
 */
export async function openConnection(endpoint: HostEndpoint, options: ConnectOptions): Promise<SshConnection> {
  const auth = authConfig(endpoint);
  options.onStage?.({ at: 'own-key', keyType: auth.keyType });
  options.signal?.throwIfAborted();
  const progress: ConnectProgress = { isConnected: false, greeting: '', methodsLeft: null, keyType: auth.keyType };
  const timeout = AbortSignal.timeout(options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    const { socket, roundTripMs } = await openSocket(endpoint, signal, options.onStage);
    progress.isConnected = true;
    options.onStage?.({ at: 'tcp' });
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

function openSocket(
  endpoint: HostEndpoint,
  signal: AbortSignal,
  onStage: ConnectOptions['onStage'],
): Promise<{ socket: Socket; roundTripMs: number }> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    if (isIP(endpoint.host) !== 0) onStage?.({ at: 'name', address: endpoint.host });
    const target: NetConnectOpts = { host: endpoint.host, port: endpoint.port };
    const socket = connectTcp(target);
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('lookup', (error, address) => {
      if (!error) onStage?.({ at: 'name', address });
    });
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
      options.onStage?.({ at: 'key-shown', fingerprint });
      checkHostKey(endpoint, fingerprint, options).then(
        () => answer(true),
        (error: unknown) => {
          refusal = error;
          answer(false);
        },
      );
    };
    signal.addEventListener('abort', onAbort, { once: true });
    // Not once: a host that talks nonsense makes ssh2 report more than one error, and one that nobody hears ends the process.
    client.on('error', fail);
    client.once('close', () => fail(new Error('the other side closed the connection')));
    client.once('ready', () => {
      signal.removeEventListener('abort', onAbort);
      client.removeAllListeners('error').removeAllListeners('close');
      resolve(new OpenConnection(request, client, fingerprint));
    });
    tellStages(client, options.onStage);
    answerPrompts(client, endpoint);
    listenForGreeting(socket, progress, options.onStage);
    client.connect({
      ...request.auth,
      sock: socket,
      username: endpoint.user,
      algorithms: ALGORITHMS,
      hostVerifier: verify,
      authHandler: methodsOf(endpoint, progress, options.onStage),
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: KEEPALIVE_MISSES,
      // Ours is the one that counts; this one only must not come first.
      readyTimeout: 2 * (options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS),
    });
  });
}

function tellStages(client: ssh2.Client, onStage: ConnectOptions['onStage']): void {
  client.once('handshake', () => onStage?.({ at: 'host-key' }));
  client.once('banner', (text) => onStage?.({ at: 'banner', text: printable(text, 120) }));
}

/** Reads along until the other side has named itself, or said enough to know that it does not. */
function listenForGreeting(socket: Socket, progress: ConnectProgress, onStage: ConnectOptions['onStage']): void {
  const greeting = new Greeting();
  const take = (data: Buffer) => {
    const isNamed = greeting.push(data);
    progress.greeting = greeting.text;
    onStage?.({ at: 'heard', text: greeting.text });
    if (isNamed) onStage?.({ at: 'greeting' });
    if (isNamed || greeting.isFull) socket.off('data', take);
  };
  socket.on('data', take);
}

/** Tries our way in, and keeps what the server says it would accept, for the message when it refuses. */
function methodsOf(
  endpoint: HostEndpoint,
  progress: ConnectProgress,
  onStage: ConnectOptions['onStage'],
): NonNullable<ConnectConfig['authHandler']> {
  const methods = endpoint.auth.kind === 'key' ? ['publickey'] : ['password', 'keyboard-interactive'];
  return ((left: string[] | null, isPartial: boolean | null, next: (method: string | false) => void) => {
    if (left) {
      progress.methodsLeft = left;
      onStage?.({
        at: 'refused',
        methods: left.slice(0, 10).map((name) => printable(name, 40)),
        isPartlyIn: isPartial === true,
      });
    }
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
