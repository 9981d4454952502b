/** One address under which a rented machine may answer by SSH. */
export interface RentalEndpoint {
  /** `direct` is the machine itself; `proxy` goes through the provider, slowly. */
  readonly kind: 'direct' | 'proxy';
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** What a provider says about addresses, as it says it. */
export interface EndpointFacts {
  /** May have blanks and line ends around it. */
  readonly publicIp: string | null;
  /** The host's port behind container port 22; known only while it runs. */
  readonly directPort: number | null;
  readonly proxyHost: string | null;
  readonly proxyPort: number | null;
  /** In these the provider's own program sits on the proxy's port, and SSH on the next one. */
  readonly isJupyter: boolean;
}

/** Addresses are given out anew at every start, and to strangers too: never use one that is older than this. */
export const ENDPOINT_FRESH_MS = 10_000;

const HOST_PATTERN = /^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/;
/** In a container of the provider's, SSH is always root's. */
const USER = 'root';

/** The addresses to try, direct before proxy; what is no address is left out. */
export function rentalEndpoints(facts: EndpointFacts): RentalEndpoint[] {
  const proxyPort = facts.proxyPort === null ? null : facts.proxyPort + (facts.isJupyter ? 1 : 0);
  return [
    ...endpointOf('direct', facts.publicIp, facts.directPort),
    ...endpointOf('proxy', facts.proxyHost, proxyPort),
  ];
}

function endpointOf(kind: RentalEndpoint['kind'], hostText: string | null, port: number | null): RentalEndpoint[] {
  const host = (hostText ?? '').trim();
  if (!HOST_PATTERN.test(host) || port === null || !Number.isInteger(port) || port < 1 || port > 65_535) return [];
  return [{ kind, host, port, user: USER }];
}

/** Whether addresses may still be used. After any lost connection they may not, however young they are. */
export function areEndpointsFresh(resolvedAtMs: number, nowMs: number): boolean {
  return nowMs >= resolvedAtMs && nowMs - resolvedAtMs <= ENDPOINT_FRESH_MS;
}
