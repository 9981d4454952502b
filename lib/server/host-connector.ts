import path from 'node:path';
import type { RentalProvider } from '../hosts/host-provider';
import { THIS_MACHINE_ID } from '../hosts/this-machine';
import type { HostSession } from '../pipeline/host-port';
import type { EmbeddedServerProcess } from '../ssh/embedded-server-process';
import { openHostSession } from '../ssh/host-session';
import { findEndpoint, findInstanceInfo, pinHostKey } from '../store/instance-store';
import { openRentedSession } from './rented-session';

export interface HostConnectorParts {
  readonly packageRoot: string;
  readonly thisMachine: EmbeddedServerProcess | null;
  /** Knows where rented machines are. */
  readonly openProvider: () => Promise<RentalProvider>;
}

/**
 * How instances are reached: each by its own address and key, read anew at every connection since both may change.
 * "This machine" is the embedded server, whose key lives as long as this process; of a rented one the service is asked.
 */
export function createHostConnector({ packageRoot, thisMachine, openProvider }: HostConnectorParts) {
  const assetsFolder = path.join(packageRoot, 'lib', 'ssh', 'host');
  return async (instanceId: string, signal?: AbortSignal): Promise<HostSession> => {
    const withSignal = signal ? { signal } : {};
    if (instanceId === THIS_MACHINE_ID && thisMachine) {
      const { host, port, user, privateKey, hostKeyFingerprint } = thisMachine;
      const endpoint = { instanceId, host, port, user, auth: { kind: 'key', privateKey } as const };
      return openHostSession(endpoint, { pinned: hostKeyFingerprint, assetsFolder, ...withSignal });
    }
    if ((await findInstanceInfo(instanceId)).kind === 'rented') {
      return openRentedSession({ openProvider, assetsFolder }, instanceId, signal);
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
