import { type EmbeddedServer, type EmbeddedServerOptions, startEmbeddedServer } from '../../lib/ssh/embedded-server';
import type { HostEndpoint } from '../../lib/ssh/host-endpoint';
import { makeTempFolder } from './ssh-temp-folder';

export interface EmbeddedHost {
  readonly endpoint: HostEndpoint;
  readonly fingerprint: string;
  readonly homeFolder: string;
  readonly server: EmbeddedServer;
  stop(): Promise<void>;
}

/** Our own SSH server with a home folder of the test. */
export async function startEmbeddedHost(
  options: Omit<EmbeddedServerOptions, 'homeFolder'> = {},
): Promise<EmbeddedHost> {
  const { folder, remove } = await makeTempFolder('home');
  const server = await startEmbeddedServer({ ...options, homeFolder: folder });
  return {
    endpoint: endpointOf(server),
    fingerprint: server.hostKeyFingerprint,
    homeFolder: folder,
    server,
    stop: async () => {
      await server.close();
      await remove();
    },
  };
}

export function endpointOf(server: EmbeddedServer): HostEndpoint {
  const { host, port, user, privateKey } = server;
  return { instanceId: 'embedded', host, port, user, auth: { kind: 'key', privateKey } };
}
