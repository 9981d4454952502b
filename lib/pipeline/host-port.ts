/*
 * What the pipeline needs of a host. Adapters satisfy it by shape; lib/server/compose.ts is where the compiler checks that.
 * Every method may throw a FailureError.
 */

export interface ExecResult {
  /** Null when the command was ended by a signal. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export type AttemptState =
  | 'absent' // nothing of this id on the host
  | 'new' // uploaded, never started
  | 'claimed' // start lock taken, supervisor not seen yet
  | 'running'
  | 'exited'
  | 'orphaned' // supervisor dead, work alive
  | 'lost' // dead without an exit code: the step's check() decides
  | 'rebooted'; // the host or its container restarted: nothing of it can be alive

export interface AttemptStatus {
  readonly state: AttemptState;
  readonly exitCode: number | null;
  /** Bytes of log when it ended, null while running. */
  readonly logEnd: number | null;
  /** Bytes of log now. */
  readonly logBytes: number;
  readonly cancelRequested: boolean;
}

export interface AttemptProgram {
  /** `[0-9a-z-]{26,36}`, committed to the database before it is sent. */
  readonly attemptId: string;
  /** POSIX sh, without secrets. */
  readonly script: string;
  /** Secrets and settings: written 0600, sourced and deleted by the child before it starts. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RemoteFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly isFolder: boolean;
}

/** One connection to one instance. All paths are absolute on the host or start with `~/`. */
export interface HostSession {
  readonly instanceId: string;
  /** Absolute home folder on the host; our files live under `<home>/.quantdeck`. */
  readonly homeFolder: string;
  /** Runs a short read-only command. Never throws for an exit code; throws `host-lost` when the connection dies. */
  exec(
    command: string,
    options?: { timeoutMs?: number; signal?: AbortSignal; stdin?: string; maxBytes?: number },
  ): Promise<ExecResult>;
  /** Runs a command until the signal aborts or it ends, handing out its standard output as it comes. */
  stream(command: string, onData: (chunk: Uint8Array) => void, signal: AbortSignal): Promise<ExecResult>;
  /**
   * Hands out the attempt's log from `offset` on, in order, as it grows. Resolves once the attempt has ended and every
   * byte has been handed out, with the final status; rejects when the connection dies (call again with the new offset).
   * `onData` may return a promise: no more is read until it resolves.
   */
  followAttempt(
    attemptId: string,
    offset: number,
    onData: (chunk: Uint8Array, offset: number) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<AttemptStatus>;
  /** Starts it unless somebody has, and follows it, in one call to the host: at most one start per id, each byte once. */
  runAttempt(
    program: AttemptProgram,
    offset: number,
    onData: (chunk: Uint8Array, offset: number) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<AttemptStatus>;
  /** TERM, wait, KILL of the whole process tree. `left` counts what could not be ended. */
  cancelAttempt(attemptId: string, graceMs: number): Promise<{ readonly left: number; readonly status: AttemptStatus }>;
  stat(path: string): Promise<RemoteFile | null>;
  listFolder(path: string): Promise<RemoteFile[]>;
  readRange(path: string, offset: number, length: number): Promise<Uint8Array>;
  /** Writes a small file (temp + rename), mode 0600 unless said otherwise. */
  writeFile(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** Streams a byte range of a file with the adaptive transfer engine. Backpressure through `onData`'s promise. */
  download(
    path: string,
    range: { offset: number; length: number },
    onData: (chunk: Uint8Array, offset: number) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Streams bytes into a file on the host from `offset` on (append; used for a folder on the dashboard's machine). */
  upload(path: string, offset: number, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  onClose(listener: () => void): void;
  close(): void;
}
