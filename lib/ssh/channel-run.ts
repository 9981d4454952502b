import type { ClientChannel } from 'ssh2';
import { FailureError } from '../domain/failure';
import { AnswerFrame } from './answer-frame';
import type { ChannelUse } from './channel-limiter';
import { signalCommand } from './channel-signal';
import { addressOf } from './host-endpoint';
import { lastWords } from './last-words';
import type { SshConnection } from './open-connection';
import { lastLines } from './printable-text';

export interface CommandRequest {
  /** POSIX sh. */
  readonly script: string;
  readonly use: ChannelUse;
  /** Told the standard output as it comes; no more is read while its promise is pending. */
  readonly onStdout?: (chunk: Buffer) => void | Promise<void>;
  readonly onStderr?: (chunk: Buffer) => void;
  /** Absent: no end. */
  readonly timeoutMs?: number | undefined;
  /** For a command without an end: true once it has said what it had to say within `timeoutMs`. */
  readonly hasAnswered?: () => boolean;
  readonly signal?: AbortSignal | undefined;
  readonly stdin?: string | Uint8Array | undefined;
  /** Called with the open channel, which then owns standard input. */
  readonly onChannel?: (channel: ClientChannel) => void;
}

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
}

/** One command under way: wires the channel's events to the request and settles exactly once. */
export class ChannelRun {
  readonly ended: Promise<Omit<CommandEnd, 'durationMs'>>;
  readonly #connection: SshConnection;
  readonly #channel: ClientChannel;
  readonly #request: CommandRequest;
  readonly #stdout: AnswerFrame;
  readonly #stderr: AnswerFrame;
  #exit: { exitCode: number | null; signal: string | null } | null = null;
  #pending: Promise<void> | null = null;
  #isOver = false;
  #stderrEnd: Promise<void> = Promise.resolve();
  #fail: (error: unknown) => void = () => undefined;

  constructor(connection: SshConnection, channel: ClientChannel, request: CommandRequest, mark: string) {
    this.#connection = connection;
    this.#channel = channel;
    this.#request = request;
    this.#stdout = new AnswerFrame(mark);
    this.#stderr = new AnswerFrame(mark);
    this.ended = new Promise((resolve, reject) => {
      const done = this.#listenForAbort();
      this.#fail = (error) => {
        done();
        this.#isOver = true;
        this.#abandon();
        // The caller may continue at the offset it has reached: a chunk it is still storing belongs before that.
        Promise.allSettled([this.#pending]).then(() => reject(error));
      };
      // Not the event "exit": a short command's whole answer may be in one packet, parsed before anybody can listen for
      // it. "close" comes after the output was read, and carries the same.
      channel.once('close', (code?: number | null, signal?: string) => {
        if (code !== undefined) this.#exit = { exitCode: code, signal: code === null ? (signal ?? null) : null };
        this.#settle().then((end) => {
          done();
          resolve(end);
        }, this.#fail);
      });
    });
    this.#listen();
  }

  #listen(): void {
    const { onChannel, stdin, onStderr } = this.#request;
    const channel = this.#channel;
    channel.on('error', (error: unknown) => this.#fail(error));
    channel.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#stderrEnd = new Promise((resolve) => channel.stderr.once('end', resolve));
    channel.stderr.on('data', (chunk: Buffer) => {
      const part = this.#stderr.push(chunk);
      if (part) onStderr?.(part);
    });
    if (onChannel) onChannel(channel);
    else if (stdin === undefined) channel.end();
    else channel.end(stdin);
  }

  #take(chunk: Buffer): void {
    const part = this.#isOver ? null : this.#stdout.push(chunk);
    if (!part) return;
    try {
      const pending = this.#request.onStdout?.(part);
      if (!pending) return;
      this.#channel.pause();
      this.#pending = pending.then(() => {
        this.#pending = null;
        this.#channel.resume();
      });
      this.#pending.catch(this.#fail);
    } catch (error) {
      this.#fail(error);
    }
  }

  #listenForAbort(): () => void {
    const { signal } = this.#request;
    const onAbort = () => this.#fail(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    return () => signal?.removeEventListener('abort', onAbort);
  }

  async #settle(): Promise<Omit<CommandEnd, 'durationMs'>> {
    await this.#pending;
    await this.#stderrEnd;
    if (this.#exit === null) {
      await lastWords(this.#connection);
      throw this.#connection.isOpen() ? this.#noAnswer() : this.#connection.lostFailure();
    }
    if (!this.#stdout.isOpen) throw this.#noAnswer();
    return this.#exit;
  }

  #noAnswer(): FailureError {
    const { endpoint } = this.#connection;
    return new FailureError(
      'ssh-protocol',
      `The login shell of "${endpoint.user}" at ${addressOf(endpoint)} ended before it ran our command.`,
      {
        remedy:
          'Look for an "exit" or a menu in ~/.bashrc, ~/.profile or ~/.ssh/rc of that account, and check that its shell exists.',
        evidence: lastLines(`${this.#stdout.noise}\n${this.#stderr.noise}`, 5),
        isTransient: true,
      },
    );
  }

  #abandon(): void {
    if (this.#connection.isOpen()) signalCommand(this.#channel, 'TERM');
    this.#channel.close();
    // Its remaining output must flow off, or the channel never closes.
    this.#channel.resume();
  }
}
