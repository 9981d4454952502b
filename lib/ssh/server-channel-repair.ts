import type { ServerChannel } from 'ssh2';

type Write = (data: Buffer, encoding: BufferEncoding | null, done: (error?: Error | null) => void) => void;

/** The part of a ssh2 server channel that holds what waits for the client's window. */
interface WaitingParts {
  _write: Write;
  _waitWindow: boolean;
  _chunk: Buffer | undefined;
  _chunkcb: unknown;
  _chunkErr: Buffer | undefined;
  _chunkcbErr: ((error?: Error | null) => void) | undefined;
  readonly outgoing: { readonly window: number };
  readonly stderr: { _write: Write };
}

/**
 * Makes standard output and error independent of each other while the client is slow. ssh2 1.17 keeps one waiting chunk
 * for each, never forgets the first and wakes only one: a command that prints on both then repeats a chunk of its output
 * or hangs (seen with a paused reader; lib/server.js, CHANNEL_WINDOW_ADJUST).
 */
export function repairServerChannel(channel: ServerChannel): void {
  const parts = channel as unknown as WaitingParts;
  const writeOut = parts._write;
  const writeError = parts.stderr._write;
  parts.stderr._write = (data, encoding, done) => {
    writeError.call(parts.stderr, data, encoding, (error) => {
      parts._chunkErr = undefined;
      parts._chunkcbErr = undefined;
      done(error);
    });
  };
  parts._write = (data, encoding, done) => {
    writeOut.call(parts, data, encoding, (error) => {
      parts._chunk = undefined;
      parts._chunkcb = undefined;
      wakeError(parts);
      done(error);
    });
  };
}

function wakeError(parts: WaitingParts): void {
  const { _chunkErr: chunk, _chunkcbErr: done } = parts;
  if (chunk === undefined || done === undefined) return;
  if (parts.outgoing.window === 0) {
    parts._waitWindow = true;
    return;
  }
  parts._chunkErr = undefined;
  parts._chunkcbErr = undefined;
  parts.stderr._write(chunk, null, done);
}
