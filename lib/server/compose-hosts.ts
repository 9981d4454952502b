import type { HostDoctor, RentedHosts } from '../pipeline/check-instance';
import type { HostSession } from '../pipeline/host-port';
import { findRentedPlace } from '../store/connection-store';
import { createEndpointFinder, createHostConnector, type HostConnectorParts } from './host-connector';
import { createHostDoctor } from './host-doctor';
import type { Logger } from './logger';
import { createRentedHosts } from './rented-hosts';

/** How hosts are reached, and what finds out why one is not. */
export interface Hosts {
  readonly connectHost: (instanceId: string, signal?: AbortSignal) => Promise<HostSession>;
  readonly doctor: HostDoctor;
  readonly rentedHosts: RentedHosts;
}

export function composeHosts(parts: HostConnectorParts & { readonly logger: Logger }): Hosts {
  const { packageRoot, openProvider, logger } = parts;
  return {
    connectHost: createHostConnector(parts),
    doctor: createHostDoctor(packageRoot, createEndpointFinder(parts)),
    rentedHosts: createRentedHosts({ openProvider, findPlace: findRentedPlace, logger }),
  };
}
