/** How to prove who we are. Lives in memory only for the time of a connection. */
export type HostAuth =
  | { readonly kind: 'key'; readonly privateKey: string; readonly passphrase?: string }
  | { readonly kind: 'password'; readonly password: string };

/** Where an instance is and how to get in. */
export interface HostEndpoint {
  readonly instanceId: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly auth: HostAuth;
}

/** `host:port` as a person writes it, with brackets around IPv6. */
export function addressOf(endpoint: Pick<HostEndpoint, 'host' | 'port'>): string {
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return `${host}:${endpoint.port}`;
}
