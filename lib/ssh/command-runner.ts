import { FailureError } from '../domain/failure';
import type { ChannelLimiter, ChannelUse } from './channel-limiter';
import type { CommandEnd, CommandRequest } from './channel-run';
import { runOnHost } from './host-command';
import type { SshConnection } from './open-connection';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
/** Of standard error only this much is kept, from its end. */
const STDERR_LIMIT_BYTES = 256 * 1024;

export interface ExecOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly stdin?: string | Uint8Array;
  readonly maxBytes?: number;
  readonly use?: ChannelUse;
}

export interface ExecResult {
  /** Null when the command was ended by a signal. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** Runs commands over one connection, with its limit of channels. */
export class CommandRunner {
  readonly connection: SshConnection;
  readonly #limiter: ChannelLimiter;

  constructor(connection: SshConnection, limiter: ChannelLimiter) {
    this.connection = connection;
    this.#limiter = limiter;
  }

  run(request: CommandRequest): Promise<CommandEnd> {
    return runOnHost(this.connection, this.#limiter, request);
  }

  /** A place for a channel that is not a command (SFTP). */
  reserve(use: ChannelUse, signal?: AbortSignal): Promise<() => void> {
    return this.#limiter.acquire(use, signal);
  }

  /**
   * Runs a command and collects its output as UTF-8.
   *
   * @throws FailureError `command-failed` when it prints more than `maxBytes` (4 MiB), and what `runOnHost` throws.
   */
  async exec(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    const output = await this.collect(script, options);
    return { ...output, stdout: output.stdout.toString('utf8') };
  }

  /** As `exec`, with the standard output as bytes. */
  async collect(script: string, options: ExecOptions = {}): Promise<Omit<ExecResult, 'stdout'> & { stdout: Buffer }> {
    const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    const stdout: Buffer[] = [];
    const stderr = new Tail(STDERR_LIMIT_BYTES);
    let bytes = 0;
    const end = await this.run({
      script,
      use: options.use ?? 'short',
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      signal: options.signal,
      stdin: options.stdin,
      onStdout: (chunk) => {
        bytes += chunk.length;
        if (bytes > maxBytes) throw tooMuch(maxBytes);
        stdout.push(chunk);
      },
      onStderr: (chunk) => stderr.push(chunk),
    });
    return { ...end, stdout: Buffer.concat(stdout), stderr: stderr.text() };
  }

  /** Runs a command without an end, handing out its standard output. */
  async stream(
    script: string,
    onStdout: (chunk: Buffer) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<ExecResult> {
    const stderr = new Tail(STDERR_LIMIT_BYTES);
    const end = await this.run({ script, use: 'long', signal, onStdout, onStderr: (chunk) => stderr.push(chunk) });
    return { ...end, stdout: '', stderr: stderr.text() };
  }
}

/** Keeps the last bytes of an output. */
class Tail {
  readonly #limitBytes: number;
  #kept: Buffer = Buffer.alloc(0);

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  push(chunk: Buffer): void {
    this.#kept = Buffer.concat([this.#kept, chunk]).subarray(-this.#limitBytes);
  }

  text(): string {
    return this.#kept.toString('utf8');
  }
}

function tooMuch(maxBytes: number): FailureError {
  return new FailureError(
    'command-failed',
    `A command on the host printed more than ${maxBytes} bytes; the rest was refused.`,
    {
      remedy: 'This is more than the answer can be. Look at what the command prints on the host.',
    },
  );
}
