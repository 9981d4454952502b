import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { homedir, userInfo } from 'node:os';
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2';
import { ALGORITHMS } from './algorithms';
import { EmbeddedPrograms, serveSession } from './embedded-session';
import { createKeyPair, fingerprintOf, parsePrivateKey } from './keys';

const LOOPBACK = '127.0.0.1';

export interface EmbeddedServerOptions {
  /** HOME of everything that runs there; default the real user's. Created when missing. */
  readonly homeFolder?: string;
  /** Login shell; default /bin/sh. */
  readonly shell?: string;
  /** Added to the environment of its programs. Tests use it; secrets do not belong here. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A running SSH server of this machine, and the only key that opens it. All of it lives in memory. */
export interface EmbeddedServer {
  readonly host: typeof LOOPBACK;
  readonly port: number;
  readonly user: string;
  readonly hostKeyFingerprint: string;
  /** Secret. */
  readonly privateKey: string;
  readonly homeFolder: string;
  /** Stops listening, cuts every connection and ends plain commands. Attempts go on: they have sessions of their own. */
  close(): Promise<void>;
  /** Cuts every connection, as a bad network would. */
  cutConnections(): void;
}

/**
 * "This machine" as a host: an SSH server on a free port of the loopback interface and nowhere else, so that there is one
 * transport for every instance. It accepts exactly the key it makes at its start.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const homeFolder = options.homeFolder ?? homedir();
  await mkdir(homeFolder, { recursive: true });
  const hostKey = createKeyPair('quantdeck-this-machine');
  const clientKey = createKeyPair('quantdeck');
  const allowed = parsePrivateKey(clientKey.privateKey);
  const user = userInfo().username;
  const programs = new EmbeddedPrograms({
    homeFolder,
    shell: options.shell ?? '/bin/sh',
    environment: options.environment ?? {},
  });
  const connections = new Set<Connection>();
  const config = { hostKeys: [hostKey.privateKey], ident: 'quantdeck', algorithms: ALGORITHMS };
  const server = new ssh2.Server(config, (connection) => {
    connections.add(connection);
    noDelay(connection);
    connection.on('close', () => connections.delete(connection));
    // A client that goes away in the middle is everyday life here; its own side reports it.
    connection.on('error', () => connection.end());
    connection.on('authentication', (context) => authenticate(context, user, allowed));
    connection.on('ready', () => {
      connection.on('session', (accept) => serveSession(accept(), programs));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, resolve);
  });
  const cutConnections = () => {
    for (const connection of connections) destroySocket(connection);
  };
  return {
    host: LOOPBACK,
    port: (server.address() as AddressInfo).port,
    user,
    hostKeyFingerprint: fingerprintOf(parsePrivateKey(hostKey.privateKey).getPublicSSH()),
    privateKey: clientKey.privateKey,
    homeFolder,
    cutConnections,
    close: async () => {
      programs.endAll();
      cutConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function authenticate(context: AuthContext, user: string, allowed: ParsedKey): void {
  if (context.method !== 'publickey' || context.username !== user) {
    context.reject(['publickey']);
    return;
  }
  const isOurs = context.key.algo === allowed.type && context.key.data.equals(allowed.getPublicSSH());
  const isSigned =
    !context.signature ||
    (context.blob !== undefined && allowed.verify(context.blob, context.signature, context.hashAlgo) === true);
  if (isOurs && isSigned) context.accept();
  else context.reject(['publickey']);
}

/** ssh2 keeps the socket private; without this a handshake and an exec on loopback wait 40 ms for Nagle several times over. */
function socketOf(connection: Connection): { setNoDelay?: (on: boolean) => void; destroy?: () => void } {
  const socket: unknown = Reflect.get(connection, '_sock');
  return typeof socket === 'object' && socket !== null ? socket : {};
}

function noDelay(connection: Connection): void {
  socketOf(connection).setNoDelay?.(true);
}

function destroySocket(connection: Connection): void {
  socketOf(connection).destroy?.();
}
