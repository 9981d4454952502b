import type { ClientChannel } from 'ssh2';
import { FailureError } from '../domain/failure';
import { type AttemptStatus, hasEnded, parseStatusLine } from './attempt-status';
import type { CommandRunner } from './command-runner';
import { pause } from './pause';

/** When the host has said "ended" and the stream brings nothing for this long, the rest is read piece by piece. */
const STALL_MS = 2000;
const RETRY_MS = 500;

/** The three ways to look at an attempt that following needs. */
export interface AttemptSource {
  status(): Promise<AttemptStatus>;
  /** The next bytes from an offset, at most 4 MiB; empty at the end. */
  read(from: number): Promise<Uint8Array>;
  /** The long command that prints the log on stdout as it grows and status lines on stderr. */
  stream(from: number): { runner: CommandRunner; script: string };
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
  const first = await source.status();
  refuseShrunk(first, offset);
  if (!hasEnded(first)) await streamUntilEnd(source, position, onData, signal);
  return readRest(source, position, onData, signal);
}

/** Low latency while it runs. Ends when the host says so, or when the stream ends for another reason. */
async function streamUntilEnd(
  source: AttemptSource,
  position: { offset: number },
  onData: TakeData,
  signal: AbortSignal,
): Promise<void> {
  const { runner, script } = source.stream(position.offset);
  const watch = new FollowWatch(position);
  const startOffset = position.offset;
  await runner.run({
    script,
    use: 'long',
    signal,
    onChannel: (channel) => watch.listen(channel),
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
  // A stream that somebody on the host keeps killing is taken up again, but not in a hurry.
  if (!watch.knowsEnd && position.offset === startOffset) await pause(RETRY_MS, signal);
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
    await streamUntilEnd(source, position, onData, signal);
  }
}

/** Reads the status lines beside the log and closes the channel once the end is known and everything has arrived. */
class FollowWatch {
  hasShrunk = false;
  readonly #position: { offset: number };
  #channel: ClientChannel | null = null;
  #text = '';
  #endBytes: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(position: { offset: number }) {
    this.#position = position;
  }

  get knowsEnd(): boolean {
    return this.#endBytes !== null;
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
      if (status && hasEnded(status)) this.#endBytes = Math.max(status.logEnd ?? 0, status.logBytes);
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
    if (this.#endBytes === null) return;
    clearTimeout(this.#timer);
    if (this.#position.offset >= this.#endBytes) this.#hangUp();
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
  if (status.state === 'absent' || status.state === 'new') return;
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
