import { FailureError, isFailureError } from '../domain/failure';
import type { RentalEndpoint } from '../domain/rental-endpoint';
import { parseSelfStop } from '../domain/self-stop';
import type { RentalProvider } from '../hosts/host-provider';
import type { RentalReach } from '../rentals/rental-ports';
import { touchLease } from '../rentals/touch-lease';
import { openHostSession, type SshHostSession } from '../ssh/host-session';
import { findEndpoint, type InstanceEndpoint, pinHostKey } from '../store/instance-store';
import { findRentedMachine } from '../store/rental-records';

export interface RentedSessionParts {
  readonly openProvider: () => Promise<RentalProvider>;
  readonly assetsFolder: string;
}

const LEASE_TIMEOUT_MS = 20_000;

/**
 * Connects to the machine that stands behind a rented instance now. Its addresses are asked for anew each time.
 * @throws FailureError `rental-not-ready` while there is none, else as the service or `openHostSession` throws.
 */
export async function openRentedSession(
  parts: RentedSessionParts,
  stored: InstanceEndpoint,
  signal?: AbortSignal,
): Promise<SshHostSession> {
  const endpoints = await findRentedEndpoints(parts.openProvider, stored.instanceId);
  signal?.throwIfAborted();
  return connectRented(parts, stored, endpoints, signal);
}

/**
 * The addresses of the machine behind a rented instance, as the service tells them now, at least one.
 * @throws FailureError `rental-not-ready` while there is none, else as the service throws.
 */
export async function findRentedEndpoints(
  openProvider: RentedSessionParts['openProvider'],
  instanceId: string,
): Promise<readonly [RentalEndpoint, ...RentalEndpoint[]]> {
  const serviceId = await findRentedMachine(instanceId);
  const machine = serviceId === null ? null : await (await openProvider()).find(serviceId);
  const [first, ...others] = machine?.endpoints ?? [];
  if (first === undefined) throw notReady(machine?.statusText ?? null);
  return [first, ...others];
}

/** Reaches a rented machine for its keeper. */
export function createRentalReach(parts: Pick<RentedSessionParts, 'assetsFolder'>): RentalReach {
  return {
    async touch(instanceId, endpoints, longestSeconds) {
      const session = await connectRented(parts, await findEndpoint(instanceId), endpoints);
      try {
        const script = touchLease(longestSeconds);
        const { exitCode, stdout, stderr } = await session.exec(script, { timeoutMs: LEASE_TIMEOUT_MS });
        if (exitCode === 0) return parseSelfStop(stdout);
        throw new FailureError(
          'host-not-writable',
          'The machine lets us in, and its home folder cannot be written to.',
          {
            evidence: stderr.split('\n').slice(0, 3),
          },
        );
      } finally {
        session.close();
      }
    },
  };
}

/**
 * By the first address that lets us in, direct before proxy. The host key is pinned only after our own key was accepted:
 * an address may be a stranger's by now, and a stranger's key must not become the one that is expected.
 */
async function connectRented(
  { assetsFolder }: Pick<RentedSessionParts, 'assetsFolder'>,
  { instanceId, auth, pinned }: InstanceEndpoint,
  endpoints: readonly RentalEndpoint[],
  signal?: AbortSignal,
): Promise<SshHostSession> {
  let refusal: unknown = null;
  for (const { host, port, user } of endpoints) {
    try {
      const options = { pinned, assetsFolder, ...(signal ? { signal } : {}) };
      const session = await openHostSession({ instanceId, host, port, user, auth }, options);
      await pinIfNew(session, instanceId, pinned);
      return session;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isFailureError(error)) throw error;
      // The first address is the machine itself: what it says counts for more than what a proxy says.
      refusal ??= passing(error);
    }
  }
  throw refusal ?? notReady(null);
}

async function pinIfNew(session: SshHostSession, instanceId: string, pinned: string | null): Promise<void> {
  if (pinned !== null) return;
  try {
    await pinHostKey(instanceId, session.connection.fingerprint);
  } catch (error) {
    session.close();
    throw error;
  }
}

/**
 * Another host key at an address that is given out anew to strangers means that the address is old. Nothing was sent
 * there, and it is asked for again: never is the other key accepted.
 */
function passing(error: FailureError): FailureError {
  const { code, message, evidence } = error.failure;
  if (code !== 'host-key-changed') return error;
  return new FailureError(
    'host-refused',
    `${message} Addresses of rented machines are given to others after a stop, so it is asked for anew.`,
    {
      remedy:
        'If it stays, the machine itself may have a new key: then accept it on the page of the instance, or give the machine back.',
      evidence,
      isTransient: true,
      cause: error,
    },
  );
}

function notReady(statusText: string | null): FailureError {
  return new FailureError('rental-not-ready', 'There is no machine behind this instance that could be reached now.', {
    remedy: 'Look at its rental: the machine may be starting, stopped, or given back.',
    evidence: statusText === null ? [] : [statusText],
    isTransient: true,
  });
}
