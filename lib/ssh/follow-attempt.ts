import type { ClientChannel } from 'ssh2';
import { FailureError } from '../domain/failure';
import { type AttemptStatus, hasEnded, jobctlFailure, parseStatusLine } from './attempt-status';
import type { CommandRunner } from './command-runner';
import { pause } from './pause';

/** When the host has said "ended" and the stream brings nothing for this long, the rest is read piece by piece. */
const STALL_MS = 2000;
const RETRY_MS = 500;
/** In which the host must say what it knows of the attempt. */
const ANSWER_MS = 30_000;

/** What following needs of an attempt's host. */
export interface AttemptSource {
  status(): Promise<AttemptStatus>;
  /** The next bytes from an offset, at most 4 MiB; empty at the end. */
  read(from: number): Promise<Uint8Array>;
  /** The long command that prints the log on stdout as it grows and status lines on stderr. */
  stream(from: number): LogStream;
  /** Puts the program on the host if this exit code says that it is not there; false when that is not what is wrong. */
  install(exitCode: number | null): Promise<boolean>;
}

export interface LogStream {
  readonly runner: CommandRunner;
  readonly script: string;
  /** What the command reads first; its standard input stays open after that. */
  readonly input?: Uint8Array;
}

type TakeData = (chunk: Uint8Array, offset: number) => void | Promise<void>;

/** Follows a log to its end; see `DetachedAttempts.follow`. */
export async function followLog(
  source: AttemptSource,
  offset: number,
  onData: TakeData,
  signal: AbortSignal,
): Promise<AttemptStatus> {
  const position = { offset };
  const end = await streamUntilEnd(source, position, onData, signal);
  return end ?? readRest(source, position, onData, signal);
}

/**
 * Low latency while it runs. Answers with the final status when the stream has said it and has brought all bytes that were
 * there then; null when it ended for another reason or left a doubt, and somebody has to look.
 */
async function streamUntilEnd(
  source: AttemptSource,
  position: { offset: number },
  onData: TakeData,
  signal: AbortSignal,
): Promise<AttemptStatus | null> {
  const stream = source.stream(position.offset);
  const watch = new FollowWatch(position);
  const startOffset = position.offset;
  const { exitCode } = await stream.runner.run({
    script: stream.script,
    use: 'long',
    timeoutMs: ANSWER_MS,
    hasAnswered: () => watch.hasAnswered,
    signal,
    onChannel: (channel) => {
      if (stream.input) channel.write(stream.input);
      watch.listen(channel);
    },
    onStderr: (chunk) => watch.pushStatus(chunk),
    onStdout: (chunk) => {
      const at = position.offset;
      position.offset += chunk.length;
      const pending = onData(chunk, at);
      if (!pending) return watch.moved();
      return pending.then(() => watch.moved());
    },
  });
  watch.stop();
  if (watch.hasShrunk) throw shrunk(position.offset, 0);
  if (watch.end) return isWhole(watch.end, position.offset) ? watch.end : null;
  if (!watch.hasAnswered) {
    if (await source.install(exitCode)) return streamUntilEnd(source, position, onData, signal);
    // Nothing of the log may have come before the first status.
    if (exitCode !== null && exitCode !== 0) throw jobctlFailure(watch.errors, '');
  }
  // A stream that somebody on the host keeps killing is taken up again, but not in a hurry.
  if (position.offset === startOffset) await pause(RETRY_MS, signal);
  return null;
}

/** True when a log that ended so was handed out up to `offset`, and is neither shorter nor longer than it should be. */
function isWhole({ state, logEnd, logBytes }: AttemptStatus, offset: number): boolean {
  // A crash takes what was not on the disk yet.
  if (state === 'rebooted') return logBytes <= offset;
  return logBytes === offset && logBytes >= (logEnd ?? 0);
}

/** After the end: reads until a read is empty, which covers writers that outlived the command. */
async function readRest(
  source: AttemptSource,
  position: { offset: number },
  onData: TakeData,
  signal: AbortSignal,
): Promise<AttemptStatus> {
  for (;;) {
    signal.throwIfAborted();
    const status = await source.status();
    refuseShrunk(status, position.offset);
    // Only what is there now counts: a process that goes on writing for ever must not keep a step open.
    while (position.offset < status.logBytes) {
      signal.throwIfAborted();
      const chunk = await source.read(position.offset);
      if (chunk.length === 0) throw shrunk(position.offset, status.logBytes);
      const at = position.offset;
      position.offset += chunk.length;
      await onData(chunk, at);
    }
    if (hasEnded(status)) return status;
    const end = await streamUntilEnd(source, position, onData, signal);
    if (end) return end;
  }
}

/** Reads the status lines beside the log and closes the channel once the end is known and everything has arrived. */
class FollowWatch {
  hasShrunk = false;
  /** True once the program on the host has said anything of the attempt. */
  hasAnswered = false;
  /** The status that says it has ended, null while it has not. */
  end: AttemptStatus | null = null;
  /** What else was said beside the log, at most its last 4 kB. */
  errors = '';
  readonly #position: { offset: number };
  #channel: ClientChannel | null = null;
  #text = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(position: { offset: number }) {
    this.#position = position;
  }

  listen(channel: ClientChannel): void {
    this.#channel = channel;
    this.#closeWhenDone();
  }

  pushStatus(chunk: Buffer): void {
    this.#text = (this.#text + chunk.toString('latin1')).slice(-4096);
    const lines = this.#text.split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      if (/file truncated/.test(line)) this.#giveUp();
      const status = parseStatusLine(line);
      if (status) this.hasAnswered = true;
      else this.errors = `${this.errors}${line}\n`.slice(-4096);
      if (status && hasEnded(status)) this.end = status;
      // The line may be older than bytes that overtook it, so a smaller size is only a reason to look again.
      if (status && status.logBytes < this.#position.offset) this.#hangUp();
    }
    this.moved();
  }

  /** Called after each chunk that was dealt with. */
  moved(): void {
    this.#closeWhenDone();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #closeWhenDone(): void {
    if (this.end === null) return;
    clearTimeout(this.#timer);
    if (this.#position.offset >= Math.max(this.end.logEnd ?? 0, this.end.logBytes)) this.#hangUp();
    else this.#timer = setTimeout(() => this.#hangUp(), STALL_MS);
  }

  #giveUp(): void {
    this.hasShrunk = true;
    this.#hangUp();
  }

  /** The end of its standard input is what ends the command on the host. */
  #hangUp(): void {
    this.#channel?.end();
  }
}

function refuseShrunk(status: AttemptStatus, offset: number): void {
  const least = Math.max(offset, status.logEnd ?? 0);
  if (status.state === 'absent' || status.state === 'new' || status.state === 'rebooted') return;
  if (status.logBytes < least) throw shrunk(least, status.logBytes);
}

function shrunk(expectedBytes: number, presentBytes: number): FailureError {
  return new FailureError(
    'log-shrank',
    `The log on the host had ${expectedBytes} bytes and has ${presentBytes} now: somebody shortened or deleted it.`,
    {
      remedy:
        'The command goes on, but the rest of its output cannot be shown. Do not clean up ~/.quantdeck while jobs run.',
    },
  );
}
