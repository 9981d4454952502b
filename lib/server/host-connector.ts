import path from 'node:path';
import type { RentalProvider } from '../hosts/host-provider';
import { THIS_MACHINE_ID } from '../hosts/this-machine';
import type { HostSession } from '../pipeline/host-port';
import type { EmbeddedServerProcess } from '../ssh/embedded-server-process';
import type { HostEndpoint } from '../ssh/host-endpoint';
import { openHostSession } from '../ssh/host-session';
import { findEndpoint, findInstanceInfo, pinHostKey } from '../store/instance-store';
import { findRentedEndpoints, openRentedSession } from './rented-session';

export interface HostConnectorParts {
  readonly packageRoot: string;
  readonly thisMachine: EmbeddedServerProcess | null;
  /** Knows where rented machines are. */
  readonly openProvider: () => Promise<RentalProvider>;
}

/** Where an instance is now, how to get in, which host key it must show, and what is done with one never seen before. */
export interface WayIn {
  readonly endpoint: HostEndpoint;
  readonly pinned: string | null;
  readonly onFirstContact: (fingerprint: string) => Promise<void>;
}
export type EndpointFinder = (instanceId: string) => Promise<WayIn>;

/**
 * The way to each instance: its own address and key, read anew at every connection since both may change. "This machine"
 * is the embedded server, whose key lives as long as this process; of a rented one the service is asked.
 */
export function createEndpointFinder({
  thisMachine,
  openProvider,
}: Omit<HostConnectorParts, 'packageRoot'>): EndpointFinder {
  return async (instanceId) => {
    if (instanceId === THIS_MACHINE_ID && thisMachine) {
      const { host, port, user, privateKey, hostKeyFingerprint } = thisMachine;
      const endpoint = { instanceId, host, port, user, auth: { kind: 'key', privateKey } as const };
      return { endpoint, pinned: hostKeyFingerprint, onFirstContact: nothing };
    }
    const { pinned, ...endpoint } = await findEndpoint(instanceId);
    if ((await findInstanceInfo(instanceId)).kind !== 'rented') {
      return { endpoint, pinned, onFirstContact: (fingerprint) => pinHostKey(instanceId, fingerprint) };
    }
    const [{ host, port, user }] = await findRentedEndpoints(openProvider, instanceId);
    // The address may be a stranger's: a key is pinned only after ours was let in, which is the session's work.
    return { endpoint: { ...endpoint, host, port, user }, pinned, onFirstContact: nothing };
  };
}

/** How instances are reached by everything that works on them. A rented machine is tried at each of its addresses. */
export function createHostConnector({ packageRoot, thisMachine, openProvider }: HostConnectorParts) {
  const assetsFolder = path.join(packageRoot, 'lib', 'ssh', 'host');
  const findWay = createEndpointFinder({ thisMachine, openProvider });
  return async (instanceId: string, signal?: AbortSignal): Promise<HostSession> => {
    const { kind } = await findInstanceInfo(instanceId);
    if (kind === 'rented') return openRentedSession({ openProvider, assetsFolder }, instanceId, signal);
    const { endpoint, ...keys } = await findWay(instanceId);
    return openHostSession(endpoint, { ...keys, assetsFolder, ...(signal ? { signal } : {}) });
  };
}

async function nothing(): Promise<void> {}
