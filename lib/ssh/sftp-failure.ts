import ssh2 from 'ssh2';
import { FailureError } from '../domain/failure';
import { printable } from './printable-text';

const { STATUS_CODE } = ssh2.utils.sftp;

/** The SFTP status code of an error, undefined when it has none. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
}

/** True when the server said that there is no such file. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === STATUS_CODE.NO_SUCH_FILE;
}

/** An error about a file as one of our failures; a failure passes unchanged. */
export function fileFailure(error: unknown, path: string): unknown {
  if (error instanceof FailureError) return error;
  const name = printable(path, 300);
  if (isMissing(error)) {
    return new FailureError('not-found', `There is no "${name}" on the host.`, {
      remedy: 'Check the path.',
      cause: error,
    });
  }
  const detail = error instanceof Error ? printable(error.message, 200) : '';
  const isDenied = codeOf(error) === STATUS_CODE.PERMISSION_DENIED;
  return new FailureError(
    'command-failed',
    isDenied ? `The account may not read "${name}" on the host.` : `"${name}" on the host could not be read.`,
    {
      remedy: isDenied ? 'Give the account the right to read it.' : 'Look at the path on the host.',
      evidence: detail === '' ? [] : [detail],
      cause: error,
    },
  );
}

/** The server did not answer a request in time. */
export function silent(path: string): FailureError {
  return new FailureError(
    'host-timeout',
    `The host did not answer a request for "${printable(path, 300)}" within 30 seconds.`,
    {
      remedy: 'Its disk may hang. Try again, and look at the host if it stays.',
      isTransient: true,
    },
  );
}
