import type { CommandSeen } from '../domain/connection-report';
import { newFrameMark } from './answer-frame';
import { lastWords } from './last-words';
import { openChannel, openFailure, SessionRefused } from './open-channel';
import type { SshConnection } from './open-connection';
import { pause } from './pause';
import { lastLines } from './printable-text';
import { forAnyLoginShell } from './shell-quote';

const TIMEOUT_MS = 12_000;
const LIMIT_BYTES = 16_384;
const MOST_LINES = 8;

/**
 * Runs one command that changes nothing and whose output is known to the byte, and tells what came in its place, before
 * it and after it. Other commands of ours are read from their mark on; this one looks at what they pass over.
 *
 * @throws FailureError `ssh-protocol` when the host runs no commands, `host-lost`; the signal's reason when aborted.
 */
export async function probeCommand(connection: SshConnection, signal: AbortSignal | undefined): Promise<CommandSeen> {
  const mark = newFrameMark();
  const commandLine = forAnyLoginShell(`echo ${mark}\necho ${mark}-end`);
  const channel = await openChannel(connection, commandLine, signal).catch((error: unknown) => {
    throw error instanceof SessionRefused ? openFailure(connection, error) : error;
  });
  const stdout = new Head();
  const stderr = new Head();
  channel.on('data', (chunk: Buffer) => stdout.push(chunk));
  channel.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  channel.on('error', () => undefined);
  channel.end();
  const closed = new Promise<number | null>((resolve) => {
    channel.once('close', (code?: number | null) => resolve(code ?? null));
  });
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const late = pause(TIMEOUT_MS, stop.signal).then(() => 'late' as const);
    // Who loses the race is of no interest any more.
    late.catch(() => undefined);
    const end = await Promise.race([closed, late]);
    if (end === null) await lastWords(connection);
    if (!connection.isOpen()) throw connection.lostFailure();
    return describe(stdout.text, stderr.text, mark, end);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop.abort();
    channel.close();
  }
}

function describe(stdout: string, stderr: string, mark: string, end: number | null | 'late'): CommandSeen {
  const answer = `${mark}\n${mark}-end\n`;
  const at = stdout.indexOf(answer);
  const lines = (text: string) => lastLines(text, MOST_LINES);
  return {
    before: lines(at < 0 ? stdout : stdout.slice(0, at)),
    after: at < 0 ? [] : lines(stdout.slice(at + answer.length)),
    errors: lines(stderr),
    hasAnswer: at >= 0,
    exitCode: end === 'late' ? null : end,
    isInTime: end !== 'late',
  };
}

/** Keeps the first bytes of an output; a host may send as many as it likes. */
class Head {
  readonly #chunks: Buffer[] = [];
  #left = LIMIT_BYTES;

  push(chunk: Buffer): void {
    if (this.#left <= 0) return;
    const part = chunk.subarray(0, this.#left);
    this.#left -= part.length;
    this.#chunks.push(part);
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
