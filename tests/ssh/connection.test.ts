import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConnection } from '../../lib/ssh/connection';
import type { HostAuth, HostEndpoint } from '../../lib/ssh/host-endpoint';
import { createKeyPair, readPrivateKey } from '../../lib/ssh/keys';
import { startCutProxy } from '../support/ssh-cut-proxy';
import { type EmbeddedHost, startEmbeddedHost } from '../support/ssh-embedded-host';

const key = createKeyPair('client');
const keyAuth: HostAuth = { kind: 'key', privateKey: key.privateKey };
const at = (port: number, auth: HostAuth = keyAuth, host = '127.0.0.1'): HostEndpoint => ({
  instanceId: 'x',
  host,
  port,
  user: 'root',
  auth,
});
const open: { close(): void }[] = [];

async function listen<S extends Server>(server: S): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

/** A server that says one thing, or nothing, to whoever connects. */
async function talker(greeting: string | null, thenClose: boolean): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (greeting !== null) socket.write(greeting);
    if (thenClose) socket.end();
  });
  open.push({ close: () => sockets.forEach((socket) => void socket.destroy()) });
  return listen(server);
}

/** An SSH server with the given ways to log in. */
async function sshServer(
  methods: ('password' | 'keyboard-interactive' | 'publickey')[],
  password: string,
): Promise<number> {
  const server = new ssh2.Server({ hostKeys: [createKeyPair('host').privateKey] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.method === 'password' && methods.includes('password') && context.password === password)
        context.accept();
      else if (context.method === 'keyboard-interactive' && methods.includes('keyboard-interactive')) {
        context.prompt([{ prompt: 'Password: ', echo: false }], (answers) =>
          answers[0] === password ? context.accept() : context.reject(methods),
        );
      } else context.reject(methods);
    });
  });
  return listen(server as unknown as Server);
}

const failureOf = (endpoint: HostEndpoint, options: Partial<Parameters<typeof openConnection>[1]> = {}) =>
  openConnection(endpoint, { pinned: null, connectTimeoutMs: 2000, ...options }).then(
    (connection) => {
      connection.close();
      throw new Error('it connected');
    },
    (error: { failure: { code: string; message: string; remedy: string; evidence: string[]; isTransient: boolean } }) =>
      error.failure,
  );

describe('connecting', () => {
  let host: EmbeddedHost;
  beforeAll(async () => {
    host = await startEmbeddedHost();
  });
  afterAll(() => host.stop());
  afterEach(() => {
    for (const one of open.splice(0).reverse()) one.close();
  });

  it('says that nothing listens on the port', async () => {
    const port = await talker(null, true);
    for (const one of open.splice(0).reverse()) one.close();
    const failure = await failureOf(at(port));
    expect(failure).toMatchObject({ code: 'host-refused', isTransient: true });
    expect(failure.message).toContain(`127.0.0.1:${port}`);
    expect(failure.remedy).toMatch(/port/);
  });

  it('says that a name does not exist', async () => {
    expect(await failureOf(at(22, keyAuth, 'no-such-host.invalid'))).toMatchObject({ code: 'host-dns' });
  });

  it('gives up on a host that accepts and says nothing', async () => {
    const startedMs = performance.now();
    const failure = await failureOf(at(await talker(null, false)), { connectTimeoutMs: 300 });
    expect(failure.code).toBe('host-timeout');
    expect(failure.message).toMatch(/accepted the connection and then said nothing/);
    expect(performance.now() - startedMs).toBeLessThan(1500);
  });

  it('gives up on a host that stops in the middle of its greeting', async () => {
    const failure = await failureOf(at(await talker('SSH-2.0-OpenSSH_9.2\r\n', false)), { connectTimeoutMs: 300 });
    expect(failure).toMatchObject({ code: 'host-timeout', evidence: ['it said: SSH-2.0-OpenSSH_9.2'] });
  });

  it('knows another service when it meets one', async () => {
    const failure = await failureOf(at(await talker('HTTP/1.1 400 Bad \u001b[31mRequest\r\n\r\n', true)));
    expect(failure.code).toBe('ssh-protocol');
    expect(failure.message).toMatch(/answers, but not with SSH/);
    expect(failure.evidence[0]).toBe('it said: HTTP/1.1 400 Bad [31mRequest');
  });

  it('says when the other side hangs up at once', async () => {
    const failure = await failureOf(at(await talker(null, true)));
    expect(failure).toMatchObject({ code: 'ssh-protocol', isTransient: true });
    expect(failure.message).toMatch(/closed the connection before saying anything/);
  });

  it('says whose key was refused and where the right one belongs', async () => {
    const failure = await failureOf({ ...host.endpoint, auth: keyAuth });
    expect(failure).toMatchObject({
      code: 'ssh-auth-refused',
      isTransient: false,
      evidence: ['the host accepts: publickey'],
    });
    expect(failure.remedy).toMatch(/authorized_keys/);
  });

  it('says that a password was wrong, and that a host takes none', async () => {
    const wrong = await failureOf(
      at(await sshServer(['password', 'keyboard-interactive'], 'right'), { kind: 'password', password: 'wrong' }),
    );
    expect(wrong).toMatchObject({ code: 'ssh-auth-refused' });
    expect(wrong.message).toMatch(/did not accept the password/);
    const none = await failureOf({ ...host.endpoint, auth: { kind: 'password', password: 'any' } });
    expect(none.message).toMatch(/does not accept passwords/);
    expect(JSON.stringify([wrong, none])).not.toContain('wrong"');
  });

  it('says that a host takes no keys', async () => {
    expect((await failureOf(at(await sshServer(['password'], 'x')))).message).toMatch(/does not accept keys at all/);
  });

  it.each(['password', 'keyboard-interactive'] as const)('logs in with a password by %s', async (method) => {
    const port = await sshServer([method], 'right');
    const connection = await openConnection(at(port, { kind: 'password', password: 'right' }), { pinned: null });
    connection.close();
    await new Promise<void>((resolve) => connection.onClose(resolve));
  });

  it('stores a host key at first contact before it says who we are', async () => {
    let seen = '';
    const connection = await openConnection(host.endpoint, {
      pinned: null,
      onFirstContact: async (fingerprint) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        seen = fingerprint;
      },
    });
    expect(seen).toBe(host.fingerprint);
    expect(connection.fingerprint).toBe(host.fingerprint);
    connection.close();
  });

  it('does not connect when the host key could not be stored', async () => {
    const broken = new Error('the database is locked');
    await expect(
      openConnection(host.endpoint, { pinned: null, onFirstContact: () => Promise.reject(broken) }),
    ).rejects.toMatchObject({ cause: broken });
  });

  it('refuses a host with another key, shows both, and tries no login', async () => {
    const pinned = readPrivateKey(createKeyPair('other').privateKey).fingerprint;
    const failure = await failureOf(host.endpoint, { pinned });
    expect(failure).toMatchObject({
      code: 'host-key-changed',
      isTransient: false,
      evidence: [`known: ${pinned}`, `shown: ${host.fingerprint}`],
    });
  });

  it('can be called off at any time', async () => {
    const port = await talker(null, false);
    const reason = new Error('the person closed the page');
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 50);
    await expect(openConnection(at(port), { pinned: null, signal: stop.signal })).rejects.toBe(reason);
    await expect(openConnection(at(port), { pinned: null, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('tells its listeners once when it ends', async () => {
    const proxy = await startCutProxy(host.endpoint.port);
    const connection = await openConnection({ ...host.endpoint, port: proxy.port }, { pinned: host.fingerprint });
    let calls = 0;
    connection.onClose(() => {
      calls += 1;
    });
    const forget = connection.onClose(() => {
      calls += 100;
    });
    forget();
    const closed = new Promise<void>((resolve) => connection.onClose(resolve));
    proxy.cut();
    await closed;
    expect(calls).toBe(1);
    expect(connection.isOpen()).toBe(false);
    await proxy.close();
  });

  it('reports a key that cannot be used before it connects', async () => {
    expect(await failureOf(at(1, { kind: 'key', privateKey: key.publicKey }))).toMatchObject({
      code: 'ssh-key-invalid',
    });
  });
});
