import type { ClientChannel } from 'ssh2';

/**
 * Sends a signal to the command of a channel; sshd passes it on to the command's whole process group. ssh2's own method
 * is silent once standard input has ended, which is the usual case here, so this reaches for its internals. Without it
 * an abandoned command would hold one of the connection's few sessions until it ends by itself.
 */
export function signalCommand(channel: ClientChannel, name: 'TERM' | 'KILL'): void {
  const at = (from: unknown, key: string): unknown =>
    typeof from === 'object' && from !== null ? Reflect.get(from, key) : undefined;
  const id = at(at(channel, 'outgoing'), 'id');
  const state = at(at(channel, 'outgoing'), 'state');
  const protocol = at(at(channel, '_client'), '_protocol');
  const send = at(protocol, 'signal');
  if (typeof send === 'function' && typeof id === 'number' && (state === 'open' || state === 'eof'))
    send.call(protocol, id, name);
}
