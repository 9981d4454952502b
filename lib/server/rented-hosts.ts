import { containerLogLines } from '../domain/container-log';
import { toFailure } from '../domain/failure';
import type { RentedInstance } from '../domain/rented-instance';
import type { RentalProvider } from '../hosts/host-provider';
import type { RentedHost, RentedHosts } from '../pipeline/check-instance';
import type { Logger } from '../pipeline/ports';

const LOG_LINES = 200;

export interface RentedHostsParts {
  /** The service with the key that holds now. */
  readonly openProvider: () => Promise<RentalProvider>;
  /** Where an instance is said to be, and which rented machine it is known to be; null when nobody wrote that down. */
  readonly findPlace: (instanceId: string) => Promise<{ host: string; port: number; serviceId: string | null }>;
  readonly logger: Logger;
}

/**
 * What the rental service knows of machines that are instances here: those that are known by the service's id, and those
 * that somebody rented by hand and added by their address. Other people's machines are in no answer of the service.
 */
export function createRentedHosts({ openProvider, findPlace, logger }: RentedHostsParts): RentedHosts {
  return {
    async find(instanceId) {
      try {
        const provider = await openProvider();
        const place = await findPlace(instanceId);
        const { instances } = await provider.list();
        const machine = instances.find((one) => (place.serviceId ? one.id === place.serviceId : isAt(one, place)));
        return machine ? rentedHost(provider, machine.id) : null;
      } catch (error) {
        const { code } = toFailure(error);
        if (code !== 'rental-key-missing')
          logger.warn('the rental service was not asked about a host', { error: code });
        return null;
      }
    },
  };
}

function isAt({ endpoints }: RentedInstance, place: { host: string; port: number }): boolean {
  return endpoints.some(({ host, port }) => host === place.host && port === place.port);
}

function rentedHost(provider: RentalProvider, id: string): RentedHost {
  return {
    endpoints: async () => (await provider.find(id))?.endpoints ?? [],
    keys: async () => (await provider.instanceKeys(id)).map((key) => key.publicKey),
    log: async () => containerLogLines((await provider.readLog(id, LOG_LINES)) ?? ''),
    attachKey: (publicKey) => provider.attachKey(id, publicKey),
  };
}
