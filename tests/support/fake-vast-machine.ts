import { afterEach } from 'vitest';
import type { RentalEndpoint } from '../../lib/domain/rental-endpoint';
import type { RentalProvider } from '../../lib/hosts/host-provider';
import type { HostEndpoint } from '../../lib/ssh/host-endpoint';
import { openHostSession, type SshHostSession } from '../../lib/ssh/host-session';
import { createKeyPair, type SshKeyPair } from '../../lib/ssh/keys';
import type { FakeVast, FakeVastOptions } from './fake-vast/fake-vast';
import { orderFor, vastOnFake } from './vast-on-fake';

/** Long enough for every image to load and every key to be known. */
export const UP_MS = 120_000;

export interface RentedMachine {
  readonly fake: FakeVast;
  readonly vast: RentalProvider;
  readonly key: SshKeyPair;
  readonly id: string;
}

/** Machines of fakes that are real SSH servers, and connections to them; all of it ends with its test. */
export function fakeVastMachines() {
  const { start } = vastOnFake();
  const sessions: SshHostSession[] = [];
  afterEach(() => {
    for (const session of sessions.splice(0)) session.close();
  });
  return {
    start,
    /** One that was just ordered. */
    async rent(
      options: FakeVastOptions = {},
      order: Parameters<typeof orderFor>[2] = {},
      placesKey = true,
    ): Promise<RentedMachine> {
      const { fake, vast } = await start({ ssh: true, ...options });
      const key = createKeyPair('quantdeck');
      if (placesKey) await vast.addAccountKey(key.publicKey);
      const { instanceId: id } = await vast.rent(await orderFor(vast, 'quantdeck:here:1', order));
      return { fake, vast, key, id };
    },
    async connect(
      rented: RentedMachine,
      address?: RentalEndpoint,
      pinned: string | null = null,
    ): Promise<SshHostSession> {
      const { host, port, user } = address ?? (await endpointOf(rented));
      const auth = { kind: 'key', privateKey: rented.key.privateKey } as const;
      const endpoint: HostEndpoint = { instanceId: rented.id, host, port, user, auth };
      const session = await openHostSession(endpoint, { pinned });
      sessions.push(session);
      return session;
    },
  };
}

/** Where it is now. */
export async function endpointOf(
  { vast, id }: RentedMachine,
  kind: RentalEndpoint['kind'] = 'direct',
): Promise<RentalEndpoint> {
  const found = (await vast.find(id))?.endpoints.find((endpoint) => endpoint.kind === kind);
  if (!found) throw new Error(`no ${kind} address`);
  return found;
}
