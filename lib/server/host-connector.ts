import path from 'node:path';
import { THIS_MACHINE_ID } from '../hosts/this-machine';
import type { HostSession } from '../pipeline/host-port';
import type { EmbeddedServerThread } from '../ssh/embedded-server-thread';
import { openHostSession } from '../ssh/host-session';
import { findEndpoint, pinHostKey } from '../store/instance-store';

/**
 * How instances are reached: each by its own address and key, read anew at every connection since both may change.
 * "This machine" is the embedded server, whose key lives as long as this process.
 */
export function createHostConnector(packageRoot: string, thisMachine: EmbeddedServerThread | null) {
  const assetsFolder = path.join(packageRoot, 'lib', 'ssh', 'host');
  return async (instanceId: string, signal?: AbortSignal): Promise<HostSession> => {
    const withSignal = signal ? { signal } : {};
    if (instanceId === THIS_MACHINE_ID && thisMachine) {
      const { host, port, user, privateKey, hostKeyFingerprint } = thisMachine;
      const endpoint = { instanceId, host, port, user, auth: { kind: 'key', privateKey } as const };
      return openHostSession(endpoint, { pinned: hostKeyFingerprint, assetsFolder, ...withSignal });
    }
    const { pinned, ...endpoint } = await findEndpoint(instanceId);
    return openHostSession(endpoint, {
      pinned,
      assetsFolder,
      onFirstContact: (fingerprint) => pinHostKey(instanceId, fingerprint),
      ...withSignal,
    });
  };
}
