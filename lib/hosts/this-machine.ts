import type { HostProvider, ReachableInstance } from './host-provider';

export const THIS_MACHINE_ID = 'this-machine';
export const THIS_MACHINE_NAME = 'This machine';

/** A started SSH server of this machine, as far as its description needs it. */
export interface StartedServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKey: string;
  readonly hostKeyFingerprint: string;
}

/** The machine that the dashboard runs on, as an instance like any other. Port and keys are new at each start. */
export function thisMachine(server: StartedServer): HostProvider {
  const instance: ReachableInstance = {
    id: THIS_MACHINE_ID,
    kind: 'this-machine',
    name: THIS_MACHINE_NAME,
    host: server.host,
    port: server.port,
    user: server.user,
    auth: { kind: 'key', privateKey: server.privateKey },
    hostKeyFingerprint: server.hostKeyFingerprint,
  };
  return {
    kind: 'this-machine',
    list: () => Promise.resolve([instance]),
    find: (instanceId) => Promise.resolve(instanceId === THIS_MACHINE_ID ? instance : null),
  };
}
