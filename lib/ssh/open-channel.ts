import type { ClientChannel } from 'ssh2';
import { FailureError } from '../domain/failure';
import { addressOf } from './host-endpoint';
import type { SshConnection } from './open-connection';
import { lastLines } from './printable-text';

/** The server did not open a channel; it may do so later. */
export class SessionRefused extends Error {}

/**
 * Opens a channel and begins a command in it, as the server gives it to us at once.
 *
 * @throws SessionRefused, FailureError `host-lost` or `ssh-protocol`; the signal's reason when aborted.
 */
export function openChannel(
  connection: SshConnection,
  commandLine: string,
  signal: AbortSignal | undefined,
): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      forget();
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const onAbort = () => settle(() => reject(signal?.reason));
    const forget = connection.onClose(() => settle(() => reject(connection.lostFailure())));
    signal?.addEventListener('abort', onAbort, { once: true });
    const answer = (error: Error | undefined, channel: ClientChannel) => {
      if (error)
        settle(() => reject('reason' in error ? new SessionRefused(error.message) : openFailure(connection, error)));
      // Nobody waits for it any more.
      else if (signal?.aborted) channel.close();
      else settle(() => resolve(channel));
    };
    try {
      connection.client.exec(commandLine, answer);
    } catch {
      // ssh2 throws when the socket has just gone; the connection's own failure says why.
      settle(() => reject(connection.lostFailure()));
    }
  });
}

/** The failure for a channel that the host did not open. */
export function openFailure(connection: SshConnection, error: Error): FailureError {
  if (!connection.isOpen()) return connection.lostFailure();
  return new FailureError('ssh-protocol', `${addressOf(connection.endpoint)} let us in but does not run commands.`, {
    remedy:
      'The account may be limited to file transfer or to one fixed command, or the host is out of processes or sessions (MaxSessions in sshd_config).',
    evidence: lastLines(error.message, 1),
    isTransient: true,
    cause: error,
  });
}
