import { once } from 'node:events';
import type { ClientChannel } from 'ssh2';
import { FailureError } from '../domain/failure';
import type { CommandRunner, ExecResult } from './command-runner';
import { lastLines, printable } from './printable-text';
import { quote } from './shell-quote';

const UPLOAD_PIECE_BYTES = 256 * 1024;

/**
 * Writes a small file whole or not at all (temp, length check, rename). Sent through a command's standard input: one
 * round trip, and unlike SFTP its errors say what was wrong.
 *
 * @throws FailureError `disk-full`, `host-not-writable`, and what an exec throws.
 */
export async function writeWholeFile(
  runner: CommandRunner,
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  const script = `umask 077; f=${quote(path)}; t="$f.quantdeck-$$"
case $f in */*) mkdir -p -- "\${f%/*}/" || exit 73 ;; esac
if cat >"$t" && [ $(($(wc -c <"$t"))) -eq ${bytes} ] && chmod ${mode.toString(8)} "$t" && mv -f -- "$t" "$f"; then exit 0; fi
rm -f -- "$t"; exit 73`;
  const answer = await runner.exec(script, { stdin: content, timeoutMs: 120_000 });
  if (answer.exitCode !== 0) throw await writeFailure(runner, path, answer);
}

/**
 * Streams bytes into a file from `offset` on; what was beyond it is cut off first. No more than a few pieces are in
 * memory: the source is read as fast as the host takes it.
 *
 * @throws FailureError `transfer-failed` when the file is shorter than `offset`, `disk-full`, `host-not-writable`,
 *   `host-lost`; what the source throws; the signal's reason.
 */
export async function uploadFile(
  runner: CommandRunner,
  path: string,
  offset: number,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const script = `umask 077; f=${quote(path)}
case $f in */*) mkdir -p -- "\${f%/*}/" || exit 73 ;; esac
: >>"$f" || exit 73
size=$(($(wc -c <"$f")))
if [ $size -lt ${offset} ]; then echo "size $size"; exit 74; fi
if [ $size -gt ${offset} ]; then dd if=/dev/null of="$f" bs=1 seek=${offset} count=0 2>/dev/null || exit 73; fi
cat >>"$f" || exit 73
echo "end $(($(wc -c <"$f")))"`;
  const source = { sentBytes: 0 };
  const stopped = new AbortController();
  const output: string[] = [];
  const errors: string[] = [];
  const end = await runner.run({
    script,
    use: 'long',
    signal: AbortSignal.any([signal, stopped.signal]),
    onStdout: (chunk) => void output.push(chunk.toString('latin1')),
    onStderr: (chunk) => void errors.push(chunk.toString('utf8')),
    onChannel: (channel) => {
      pump(channel, chunks, source).catch((error: unknown) => stopped.abort(error));
    },
  });
  if (end.exitCode === 74) throw shorter(path, offset, output.join(''));
  if (end.exitCode !== 0)
    throw await writeFailure(runner, path, { ...end, stdout: output.join(''), stderr: errors.join('') });
  const present = Number(/^end (\d+)$/m.exec(output.join(''))?.[1]);
  if (present !== offset + source.sentBytes) throw incomplete(path, offset + source.sentBytes, present);
}

async function pump(
  channel: ClientChannel,
  chunks: AsyncIterable<Uint8Array>,
  source: { sentBytes: number },
): Promise<void> {
  const closed = new AbortController();
  channel.once('close', () => closed.abort());
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += UPLOAD_PIECE_BYTES) {
      if (closed.signal.aborted) return;
      const piece = chunk.subarray(at, at + UPLOAD_PIECE_BYTES);
      source.sentBytes += piece.length;
      if (channel.write(piece)) continue;
      await once(channel, 'drain', { signal: closed.signal }).catch((error: unknown) => {
        if (!closed.signal.aborted) throw error;
      });
    }
  }
  channel.end();
}

async function writeFailure(runner: CommandRunner, path: string, answer: ExecResult): Promise<FailureError> {
  const name = printable(path, 300);
  const evidence = lastLines(answer.stderr, 3);
  const folder = path.replace(/\/[^/]*$/, '') || '/';
  const disk = await runner.exec(`df -Pk -- ${quote(folder)} | tail -n 1`);
  const freeKilobytes = /\s\d+\s+\d+\s+(-?\d+)\s+\d+%\s/.exec(disk.stdout)?.[1];
  if (/no space left/i.test(answer.stderr) || (freeKilobytes !== undefined && Number(freeKilobytes) < 64)) {
    return new FailureError(
      'disk-full',
      `"${name}" could not be written: the disk of the host is full (${freeKilobytes ?? '?'} KiB free).`,
      {
        remedy: 'Free some space on the host, then retry: what is there is kept.',
        evidence,
      },
    );
  }
  return new FailureError('host-not-writable', `"${name}" could not be written on the host.`, {
    remedy: 'Check who owns the folder and whether the disk is mounted read-only.',
    evidence,
  });
}

function shorter(path: string, offset: number, output: string): FailureError {
  const size = /^size (\d+)$/m.exec(output)?.[1] ?? '?';
  return new FailureError(
    'transfer-failed',
    `"${printable(path, 300)}" on the host has ${size} bytes, fewer than the ${offset} to continue from.`,
    {
      remedy: 'Retry: it is sent from where it ends.',
      isTransient: true,
    },
  );
}

function incomplete(path: string, expectedBytes: number, presentBytes: number): FailureError {
  return new FailureError(
    'transfer-failed',
    `"${printable(path, 300)}" should have ${expectedBytes} bytes on the host and has ${presentBytes}.`,
    {
      remedy: 'Something else wrote to it. Retry.',
      isTransient: true,
    },
  );
}
