import { FailureError, isFailureError, toFailure } from '../domain/failure';
import { printable } from './printable-text';
import type { SftpFiles } from './sftp-files';
import type { TakeData, TransferRange } from './transfer-lane';

const BLOCK_BYTES = 4 * 1024 * 1024;
const BLOCKS_AT_ONCE = 3;

/**
 * Streams a byte range of a file in order over SFTP: for a host on which no command can read it. Slower than commands at a
 * distance, since its window is fixed. At most 12 MiB are in memory.
 *
 * @param refusal why commands could not; told together with why SFTP could not either.
 * @throws FailureError `artifact-missing`, `transfer-failed`, `host-lost`; what `onData` throws; the signal's reason.
 */
export async function downloadBySftp(
  files: SftpFiles,
  range: TransferRange,
  onData: TakeData,
  signal: AbortSignal,
  refusal: unknown,
): Promise<void> {
  const end = range.offset + range.length;
  const ahead: Promise<Uint8Array>[] = [];
  let asked = range.offset;
  const fill = () => {
    for (; ahead.length < BLOCKS_AT_ONCE && asked < end; asked += BLOCK_BYTES) {
      const block = files.readRange(range.path, asked, Math.min(BLOCK_BYTES, end - asked));
      // Looked at in its turn; until then a failure of a later one must not count as unhandled.
      block.catch(() => undefined);
      ahead.push(block);
    }
  };
  for (let at = range.offset; at < end; ) {
    signal.throwIfAborted();
    fill();
    const block = await ahead.shift()?.catch((error: unknown) => {
      throw readFailure(error, range.path, refusal);
    });
    signal.throwIfAborted();
    const wanted = Math.min(BLOCK_BYTES, end - at);
    if (block?.length !== wanted) throw shorter(range.path);
    await onData(block, at);
    at += wanted;
  }
}

function readFailure(error: unknown, path: string, refusal: unknown): unknown {
  if (!isFailureError(error) || error.failure.code === 'host-lost') return error;
  const name = printable(path, 300);
  if (error.failure.code === 'not-found') {
    return new FailureError('artifact-missing', `"${name}" is not on the host any more.`, {
      remedy: 'Somebody deleted or moved it. Run the step again that makes it.',
      cause: error,
    });
  }
  return new FailureError('transfer-failed', `"${name}" can be read neither by a command on the host nor over SFTP.`, {
    remedy: 'Install coreutils (dd, head, tail, wc) or openssh-sftp-server on the host, then retry.',
    evidence: [refusal, error].map(toFailure).flatMap(({ message, evidence }) => [message, ...evidence.slice(0, 2)]),
    cause: error,
  });
}

function shorter(path: string): FailureError {
  return new FailureError('transfer-failed', `"${printable(path, 300)}" is shorter on the host than it was.`, {
    remedy: 'Check that nothing on the host writes to it, then retry: what has arrived is kept.',
  });
}
