import path from 'node:path';
import type { RentalProvider } from '../hosts/host-provider';
import { THIS_MACHINE_ID } from '../hosts/this-machine';
import type { HostSession } from '../pipeline/host-port';
import type { EmbeddedServerProcess } from '../ssh/embedded-server-process';
import type { HostEndpoint } from '../ssh/host-endpoint';
import { openHostSession } from '../ssh/host-session';
import { findEndpoint, type InstanceEndpoint, pinHostKey } from '../store/instance-store';
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
    if (instanceId === THIS_MACHINE_ID && thisMachine) return ownWay(thisMachine);
    const stored = await findEndpoint(instanceId);
    if (stored.kind !== 'rented') return storedWay(stored);
    const [{ host, port, user }] = await findRentedEndpoints(openProvider, instanceId);
    // The address may be a stranger's: a key is pinned only after ours was let in, which is the session's work.
    return { endpoint: { ...stored, host, port, user }, pinned: stored.pinned, onFirstContact: nothing };
  };
}

/** How instances are reached by everything that works on them. A rented machine is tried at each of its addresses. */
export function createHostConnector({ packageRoot, thisMachine, openProvider }: HostConnectorParts) {
  const assetsFolder = path.join(packageRoot, 'lib', 'ssh', 'host');
  const open = ({ endpoint, ...keys }: WayIn, signal?: AbortSignal) =>
    openHostSession(endpoint, { ...keys, assetsFolder, ...(signal ? { signal } : {}) });
  return async (instanceId: string, signal?: AbortSignal): Promise<HostSession> => {
    if (instanceId === THIS_MACHINE_ID && thisMachine) return open(ownWay(thisMachine), signal);
    const stored = await findEndpoint(instanceId);
    if (stored.kind === 'rented') return openRentedSession({ openProvider, assetsFolder }, stored, signal);
    return open(storedWay(stored), signal);
  };
}

function ownWay({ host, port, user, privateKey, hostKeyFingerprint }: EmbeddedServerProcess): WayIn {
  const endpoint = { instanceId: THIS_MACHINE_ID, host, port, user, auth: { kind: 'key', privateKey } as const };
  return { endpoint, pinned: hostKeyFingerprint, onFirstContact: nothing };
}

function storedWay(stored: InstanceEndpoint): WayIn {
  const onFirstContact = (fingerprint: string) => pinHostKey(stored.instanceId, fingerprint);
  return { endpoint: stored, pinned: stored.pinned, onFirstContact };
}

async function nothing(): Promise<void> {}
