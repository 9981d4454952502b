import type { ClientChannel } from 'ssh2';
import { FailureError } from '../domain/failure';
import { framed, newFrameMark } from './answer-frame';
import type { ChannelLimiter } from './channel-limiter';
import { ChannelRun, type CommandEnd, type CommandRequest } from './channel-run';
import { addressOf } from './host-endpoint';
import { openChannel, openFailure, SessionRefused } from './open-channel';
import type { SshConnection } from './open-connection';
import { pause } from './pause';
import { forAnyLoginShell } from './shell-quote';

const SESSION_PATIENCE_MS = 10_000;

/**
 * Runs one script on the host in a channel of its own.
 *
 * @throws FailureError `host-lost` when the connection dies, `host-timeout` when the time is over, `ssh-protocol` when
 *   the account's login shell ended before our script; what `onStdout` throws; the signal's reason when aborted.
 */
export async function runOnHost(
  connection: SshConnection,
  limiter: ChannelLimiter,
  request: CommandRequest,
): Promise<CommandEnd> {
  const stop = new AbortController();
  const done = stopWhen(stop, connection, request);
  try {
    const release = await limiter.acquire(request.use, stop.signal);
    try {
      stop.signal.throwIfAborted();
      const startedMs = performance.now();
      const mark = newFrameMark();
      const channel = await openWhenFree(connection, forAnyLoginShell(framed(request.script, mark)), stop.signal);
      const run = new ChannelRun(connection, channel, { ...request, signal: stop.signal }, mark);
      const end = await run.ended;
      return { ...end, durationMs: performance.now() - startedMs };
    } finally {
      release();
    }
  } finally {
    done();
  }
}

/**
 * Stops a command when its time is over or its caller aborts; waiting for a channel counts, since on a dead link that is
 * where it waits. Listens by hand: Node 20's `AbortSignal.any` keeps what hangs on a signal that lives as long as a job.
 */
function stopWhen(stop: AbortController, connection: SshConnection, request: CommandRequest): () => void {
  const { timeoutMs, signal } = request;
  const onAbort = () => stop.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const onTimeout = () => {
    if (!request.hasAnswered?.()) stop.abort(tooSlow(connection, timeoutMs ?? 0));
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs);
  return () => {
    signal?.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  };
}

/**
 * A server counts a session until its last process has ended, a little longer than its channel lives, and may allow fewer
 * than we think: a refusal is worth some patience.
 */
async function openWhenFree(
  connection: SshConnection,
  commandLine: string,
  signal: AbortSignal,
): Promise<ClientChannel> {
  const endMs = performance.now() + SESSION_PATIENCE_MS;
  for (let pauseMs = 50; ; pauseMs *= 2) {
    try {
      return await openChannel(connection, commandLine, signal);
    } catch (error) {
      if (!(error instanceof SessionRefused)) throw error;
      if (!connection.isOpen() || performance.now() + pauseMs > endMs) throw openFailure(connection, error);
    }
    await pause(pauseMs, signal);
  }
}

function tooSlow(connection: SshConnection, timeoutMs: number): FailureError {
  const address = addressOf(connection.endpoint);
  return new FailureError(
    'host-timeout',
    `A command on ${address} did not end within ${Math.round(timeoutMs / 1000)} seconds.`,
    {
      remedy: 'The host may be overloaded or its disk may hang. Try again, and look at its load if it stays.',
      isTransient: true,
    },
  );
}
