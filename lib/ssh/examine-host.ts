import {
  CONNECTION_LAYERS,
  type ConnectionLayer,
  type ConnectionObservation,
  type ConnectionSeen,
} from '../domain/connection-report';
import { FailureError, isFailureError, toFailure } from '../domain/failure';
import type { HostFacts } from '../domain/instance';
import { describeKeyText } from '../domain/key-text';
import { ChannelLimiter } from './channel-limiter';
import { CommandRunner } from './command-runner';
import { type ConnectOptions, type ConnectStage, openConnection } from './connection';
import { homeFolderOf } from './home-folder';
import type { HostEndpoint } from './host-endpoint';
import { readHostFacts } from './host-facts';
import { defaultAssetsFolder, HostProgram } from './host-program';
import { SshHostSession } from './host-session';
import { readPrivateKey } from './keys';
import type { SshConnection } from './open-connection';
import { probeCommand } from './probe-command';

/** An id that no attempt has: asking for it shows that our program runs there, and starts nothing. */
const NO_ATTEMPT = 'examination-of-the-connection';

export interface ExamineOptions extends Omit<ConnectOptions, 'onStage'> {
  readonly assetsFolder?: string;
  /** Told after each layer. */
  readonly onProgress?: (observation: ConnectionObservation) => void;
}

export interface Examination {
  readonly observation: ConnectionObservation;
  /** What the host has; null when it was not reached. */
  readonly facts: HostFacts | null;
}

/**
 * Goes the whole way to a host, layer by layer, and tells where it ends and what was seen: our key, the name, TCP, the
 * greeting, the host's key, the login, a command whose output is known, file transfer, and our own program there.
 *
 * @throws the signal's reason when aborted, and what is no FailureError; everything else is in the observation.
 */
export async function examineHost(endpoint: HostEndpoint, options: ExamineOptions): Promise<Examination> {
  const walk = new Walk(endpoint, options);
  let connection: SshConnection | null = null;
  try {
    connection = await openConnection(endpoint, { ...options, onStage: (stage) => walk.take(stage) });
    walk.pass('login');
    const facts = await beyondLogin(connection, walk, options);
    return { observation: walk.observation, facts };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isFailureError(error)) throw error;
    walk.stop(error);
    return { observation: walk.observation, facts: null };
  } finally {
    connection?.close();
  }
}

async function beyondLogin(connection: SshConnection, walk: Walk, options: ExamineOptions): Promise<HostFacts> {
  const { signal } = options;
  const assetsFolder = options.assetsFolder ?? defaultAssetsFolder();
  const command = await probeCommand(connection, signal);
  walk.see({ command });
  if (!command.hasAnswer || command.after.length > 0) {
    throw new FailureError('ssh-protocol', 'The host did not answer a command as it must.');
  }
  walk.pass('command');
  const runner = new CommandRunner(connection, new ChannelLimiter(4, 2));
  const program = await HostProgram.load(assetsFolder, 'jobctl');
  // File transfer first: it needs no home folder, and what disturbs it is told by the command before it.
  const session = new SshHostSession(runner, program, '');
  await session.stat('/');
  walk.pass('files');
  await homeFolderOf(runner, signal);
  const facts = await readHostFacts(session, { assetsFolder, ...(signal ? { signal } : {}) });
  await session.attemptStatus(NO_ATTEMPT);
  walk.pass('host');
  return facts;
}

/** Keeps what was passed and seen, with the time that each layer took. */
class Walk {
  readonly #endpoint: HostEndpoint;
  readonly #onProgress: ExamineOptions['onProgress'];
  readonly #passed: { layer: ConnectionLayer; durationMs: number }[] = [];
  #seen: ConnectionSeen;
  #stopped: ConnectionObservation['stopped'] = null;
  #sinceMs = performance.now();

  constructor(endpoint: HostEndpoint, options: ExamineOptions) {
    this.#endpoint = endpoint;
    this.#onProgress = options.onProgress;
    this.#seen = firstSeen(endpoint, options.pinned);
  }

  get observation(): ConnectionObservation {
    const { host, port, user, auth } = this.#endpoint;
    const target = { host, port, user, auth: auth.kind };
    return { target, passed: [...this.#passed], stopped: this.#stopped, seen: this.#seen };
  }

  see(part: Partial<ConnectionSeen>): void {
    this.#seen = { ...this.#seen, ...part };
  }

  take(stage: ConnectStage): void {
    if (stage.at === 'own-key') this.see({ keyType: stage.keyType });
    if (stage.at === 'name') this.see({ address: stage.address });
    if (stage.at === 'heard') this.see({ greeting: stage.text });
    else if (stage.at === 'key-shown') this.see({ shownFingerprint: stage.fingerprint });
    else if (stage.at === 'banner') this.see({ banner: stage.text });
    else if (stage.at === 'refused') {
      this.see({ methods: stage.methods, isPartlyIn: this.#seen.isPartlyIn || stage.isPartlyIn });
    } else this.pass(stage.at);
  }

  /** A name with several addresses is looked up once and tried more often: only the first pass counts. */
  pass(layer: ConnectionLayer): void {
    if (this.#passed.some((one) => one.layer === layer)) return;
    this.#passed.push({ layer, durationMs: this.#lap() });
    this.#onProgress?.(this.observation);
  }

  stop(error: FailureError): void {
    const layer = CONNECTION_LAYERS[this.#passed.length] ?? 'host';
    const cause: unknown = error.cause;
    const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
    const errorCode = typeof code === 'string' ? code : '';
    this.#stopped = { layer, durationMs: this.#lap(), failure: toFailure(error), errorCode };
  }

  #lap(): number {
    const nowMs = performance.now();
    const durationMs = nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    return durationMs;
  }
}

function firstSeen({ auth }: HostEndpoint, knownFingerprint: string | null): ConnectionSeen {
  const isKey = auth.kind === 'key';
  return {
    keyText: isKey ? describeKeyText(auth.privateKey) : null,
    hasPassphrase: isKey && auth.passphrase !== undefined && auth.passphrase !== '',
    keyType: null,
    publicKey: isKey ? publicHalf(auth.privateKey, auth.passphrase) : null,
    address: null,
    greeting: '',
    knownFingerprint,
    shownFingerprint: null,
    methods: null,
    isPartlyIn: false,
    banner: '',
    command: null,
  };
}

/** Null for a key that cannot be read, which the first layer tells. */
function publicHalf(privateKey: string, passphrase: string | undefined): string | null {
  try {
    return readPrivateKey(privateKey, passphrase).publicKey;
  } catch {
    return null;
  }
}
