import type { ClientChannel } from 'ssh2';

interface WindowedChannel {
  readonly incoming: { window: number };
  readonly outgoing: { readonly id: number; readonly state: string };
  readonly _client: { readonly _protocol: { channelWindowAdjust(id: number, bytes: number): void } };
}

/**
 * Allows the host to send up to `windowBytes` ahead of what was consumed; call it after each chunk. ssh2 1.17 fixes the
 * window at 2 MiB and offers no setting, which at 150 ms is 13 MB/s whatever the line can do, so this reaches for its
 * internals and does nothing where they look different.
 */
export function topUpWindow(channel: ClientChannel, windowBytes: number): void {
  const inner: unknown = channel;
  if (!isWindowed(inner) || inner.outgoing.state === 'closed') return;
  const missing = windowBytes - inner.incoming.window - channel.readableLength;
  if (missing < windowBytes / 4) return;
  inner.incoming.window += missing;
  inner._client._protocol.channelWindowAdjust(inner.outgoing.id, missing);
}

function isWindowed(value: unknown): value is WindowedChannel {
  const at = (from: unknown, name: string): unknown =>
    typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
  return (
    typeof at(at(value, 'incoming'), 'window') === 'number' &&
    typeof at(at(value, 'outgoing'), 'id') === 'number' &&
    typeof at(at(at(value, '_client'), '_protocol'), 'channelWindowAdjust') === 'function'
  );
}
