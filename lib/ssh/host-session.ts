import type { AttemptStatus } from './attempt-status';
import { ChannelLimiter } from './channel-limiter';
import { CommandRunner, type ExecOptions, type ExecResult } from './command-runner';
import { type ConnectOptions, openConnection } from './connection';
import { type AttemptProgram, DetachedAttempts } from './detached';
import { uploadFile, writeWholeFile } from './file-write';
import { homeFolderOf } from './home-folder';
import type { HostEndpoint } from './host-endpoint';
import { defaultAssetsFolder, HostProgram } from './host-program';
import type { SshConnection } from './open-connection';
import { type RemoteFile, SftpFiles } from './sftp-files';
import { downloadRange } from './transfer';
import { TransferLanes } from './transfer-lanes';

/** sshd refuses the eleventh session of a connection (MaxSessions 10); two stay free for a person's own. */
const CHANNELS = 8;
const LONG_CHANNELS = 6;

export interface HostSessionOptions extends ConnectOptions {
  /** Folder of the sh programs that go to hosts; default `lib/ssh/host` of the working directory. */
  readonly assetsFolder?: string;
}

type TakeData = (chunk: Uint8Array, offset: number) => void | Promise<void>;

/**
 * Connects to an instance and finds its home folder.
 *
 * @throws FailureError with one of the `host-*` and `ssh-*` codes.
 */
export async function openHostSession(endpoint: HostEndpoint, options: HostSessionOptions): Promise<SshHostSession> {
  const program = await HostProgram.load(options.assetsFolder ?? defaultAssetsFolder(), 'jobctl');
  const connection = await openConnection(endpoint, options);
  try {
    const runner = new CommandRunner(connection, new ChannelLimiter(CHANNELS, LONG_CHANNELS));
    const homeFolder = await homeFolderOf(runner, options.signal);
    return new SshHostSession(runner, program, homeFolder);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** One connection to one instance: all that the rest of the program can do on a host. Has the shape of the pipeline's port. */
export class SshHostSession {
  readonly instanceId: string;
  readonly homeFolder: string;
  readonly #runner: CommandRunner;
  readonly #attempts: DetachedAttempts;
  readonly #files: SftpFiles;
  readonly #lanes: TransferLanes;

  constructor(runner: CommandRunner, program: HostProgram, homeFolder: string) {
    this.instanceId = runner.connection.endpoint.instanceId;
    this.homeFolder = homeFolder;
    this.#runner = runner;
    this.#attempts = new DetachedAttempts(runner, program);
    this.#files = new SftpFiles(runner);
    this.#lanes = new TransferLanes(runner);
  }

  /** The connection below, for what is not a session's business (a terminal, a port forward). */
  get connection(): SshConnection {
    return this.#runner.connection;
  }

  exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    return this.#runner.exec(command, options);
  }

  stream(
    command: string,
    onData: (chunk: Uint8Array) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<ExecResult> {
    return this.#runner.stream(command, onData, signal);
  }

  startAttempt(program: AttemptProgram): Promise<AttemptStatus> {
    return this.#attempts.start(program);
  }

  attemptStatus(attemptId: string): Promise<AttemptStatus> {
    return this.#attempts.status(attemptId);
  }

  waitForAttempt(attemptId: string, seconds: number, signal?: AbortSignal): Promise<AttemptStatus> {
    return this.#attempts.wait(attemptId, seconds, signal);
  }

  followAttempt(attemptId: string, offset: number, onData: TakeData, signal: AbortSignal): Promise<AttemptStatus> {
    return this.#attempts.follow(attemptId, offset, onData, signal);
  }

  runAttempt(program: AttemptProgram, offset: number, onData: TakeData, signal: AbortSignal): Promise<AttemptStatus> {
    return this.#attempts.run(program, offset, onData, signal);
  }

  cancelAttempt(attemptId: string, graceMs: number): Promise<{ left: number; status: AttemptStatus }> {
    return this.#attempts.cancel(attemptId, graceMs);
  }

  stat(path: string): Promise<RemoteFile | null> {
    return this.#files.stat(this.#absolute(path));
  }

  listFolder(path: string): Promise<RemoteFile[]> {
    return this.#files.list(this.#absolute(path));
  }

  readRange(path: string, offset: number, length: number): Promise<Uint8Array> {
    return this.#files.readRange(this.#absolute(path), offset, length);
  }

  writeFile(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
    return writeWholeFile(this.#runner, this.#absolute(path), content, mode);
  }

  download(
    path: string,
    range: { offset: number; length: number },
    onData: TakeData,
    signal: AbortSignal,
  ): Promise<void> {
    return downloadRange(this.#lanes, this.#files, { path: this.#absolute(path), ...range }, onData, signal);
  }

  upload(path: string, offset: number, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    return uploadFile(this.#runner, this.#absolute(path), offset, chunks, signal);
  }

  onClose(listener: () => void): void {
    this.connection.onClose(listener);
  }

  close(): void {
    this.#lanes.close();
    this.connection.close();
  }

  #absolute(path: string): string {
    if (path === '~') return this.homeFolder;
    if (path.startsWith('~/')) return `${this.homeFolder}/${path.slice(2)}`;
    return path.startsWith('/') ? path : `${this.homeFolder}/${path}`;
  }
}
