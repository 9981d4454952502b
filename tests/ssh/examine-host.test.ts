import { type AddressInfo, createServer, type Server } from 'node:net';
import ssh2 from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { diagnoseConnection } from '../../lib/domain/diagnose-connection';
import { examineHost } from '../../lib/ssh/examine-host';
import type { HostAuth, HostEndpoint } from '../../lib/ssh/host-endpoint';
import { createKeyPair } from '../../lib/ssh/keys';
import { startEmbeddedHost } from '../support/ssh-embedded-host';

const own = createKeyPair('quantdeck');
const ownAuth: HostAuth = { kind: 'key', privateKey: own.privateKey };
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0).reverse()) close();
});

const at = (port: number, change: Partial<HostEndpoint> = {}): HostEndpoint => ({
  instanceId: 'x',
  host: '127.0.0.1',
  port,
  user: 'root',
  auth: ownAuth,
  ...change,
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A server that says one thing, or nothing, to whoever connects. */
function talker(greeting: string | Buffer | null, thenClose: boolean): Promise<number> {
  const server = createServer((socket) => {
    open.push(() => socket.destroy());
    socket.on('error', () => undefined);
    if (greeting !== null) socket.write(greeting);
    if (thenClose) socket.end();
  });
  return listen(server);
}

interface ServerWays {
  readonly algorithms?: ssh2.Algorithms;
  readonly onLogin?: (context: ssh2.AuthContext) => void;
  readonly onClient?: (client: ssh2.Connection) => void;
}

/** An SSH server in our process. By default it lets everybody in. */
function sshServer({ algorithms, onLogin, onClient }: ServerWays = {}): Promise<number> {
  const hostKeys = [createKeyPair('host').privateKey];
  const server = new ssh2.Server({ hostKeys, ...(algorithms ? { algorithms } : {}) }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', onLogin ?? ((context) => context.accept()));
    onClient?.(client);
  });
  return listen(server as unknown as Server);
}

/** A server whose every command prints this and ends. */
function answering(output: string, exitCode: number | null = 0): Promise<number> {
  return sshServer({
    onClient: (client) =>
      client.on('session', (accept) =>
        accept().on('exec', (acceptExec) => {
          const channel = acceptExec();
          channel.write(output);
          if (exitCode === null) return;
          channel.exit(exitCode);
          channel.end();
        }),
      ),
  });
}

async function examined(endpoint: HostEndpoint, options: Partial<Parameters<typeof examineHost>[1]> = {}) {
  const { observation, facts } = await examineHost(endpoint, { pinned: null, connectTimeoutMs: 1500, ...options });
  return { ...diagnoseConnection(observation, null), facts, observation };
}

async function causeAt(endpoint: HostEndpoint, options: Partial<Parameters<typeof examineHost>[1]> = {}) {
  return (await examined(endpoint, options)).finding?.cause ?? null;
}

describe('the way to a host', () => {
  it('is gone to its end, each layer told as it is passed', async () => {
    const host = await startEmbeddedHost();
    const told: number[] = [];
    const report = await examined(host.endpoint, { onProgress: ({ passed }) => told.push(passed.length) });
    expect(report.finding).toBeNull();
    expect(report.layers.map(({ state }) => state)).toEqual(Array(9).fill('ok'));
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(report.facts?.homeFolder).toBe(host.homeFolder);
    expect(report.shownFingerprint).toBe(host.fingerprint);
    await host.stop();
  });

  it.each([
    ['a path in place of the key', 'C:\\Users\\me\\.ssh\\id_ed25519.pub', 'key-is-path'],
    ['the public half', own.publicKey, 'key-is-public-half'],
    ['a key of PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', 'key-wrong-format'],
    ['PKCS#8', '-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----', 'key-wrong-format'],
    ['a key cut off', own.privateKey.slice(0, 200), 'key-damaged'],
  ])('ends before it begins with %s', async (_title, privateKey, cause) => {
    const report = await examined(at(1, { auth: { kind: 'key', privateKey } }));
    expect(report.finding).toMatchObject({ cause, layer: 'own-key' });
    expect(JSON.stringify(report)).not.toContain(own.privateKey.slice(50, 80));
  });

  it('ends with a key whose passphrase is missing or wrong', async () => {
    const privateKey = encryptedKey('open sesame');
    expect(await causeAt(at(1, { auth: { kind: 'key', privateKey } }))).toBe('key-passphrase-missing');
    const auth: HostAuth = { kind: 'key', privateKey, passphrase: 'hunter2' };
    const report = await examined(at(1, { auth }));
    expect(report.finding?.cause).toBe('key-passphrase-wrong');
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });

  it('ends at a name that does not exist, and at a port where nothing listens', async () => {
    expect(await causeAt(at(22, { host: 'no-such-host.invalid' }), { connectTimeoutMs: 15_000 })).toMatch(
      /^name-(unknown|service-down)$/,
    );
    const port = await talker(null, true);
    for (const close of open.splice(0).reverse()) close();
    expect(await causeAt(at(port))).toBe('port-refused');
  });

  it.each([
    ['silence', null, false, 'silent', ''],
    ['a close', null, true, 'hung-up', ''],
    ['a web server', 'HTTP/1.1 400 Bad \u001b[31mRequest\r\n\r\n', true, 'not-ssh', 'HTTP/1.1 400 Bad [31mRequest'],
    ['a TLS server', Buffer.from('15030300020246', 'hex'), true, 'not-ssh', 'bytes 15030300020246'],
    ['a full house', 'Exceeded MaxStartups\r\n', true, 'throttled', 'Exceeded MaxStartups'],
    ['a flood', 'x'.repeat(1e6), true, 'not-ssh', 'xxxxxxxxxx'],
  ])('ends at the greeting with %s', async (_title, greeting, thenClose, cause, said) => {
    const report = await examined(at(await talker(greeting, thenClose)));
    expect(report.finding).toMatchObject({ cause, layer: 'greeting' });
    const [line] = report.finding?.evidence ?? [];
    if (said !== '') expect(line).toContain(said);
    expect(line?.length).toBeLessThan(200);
  });

  it('hears the name of a server that says other lines first, and notices when it stops after that', async () => {
    const report = await examined(at(await talker('Welcome\r\nto us\r\nSSH-2.0-Odd_1\r\n', false)));
    expect(report.layers[3]).toMatchObject({ state: 'ok', seen: 'SSH-2.0-Odd_1' });
    expect(report.finding?.cause).toBe('stopped-answering');
  });

  it('ends at the key of another machine, and shows both keys', async () => {
    const port = await sshServer();
    const report = await examined(at(port), { pinned: 'SHA256:the-old-one' });
    expect(report.finding).toMatchObject({ cause: 'host-key-changed', fixes: ['trust-host-key', 'use-command'] });
    expect(report.finding?.evidence).toEqual(['known: SHA256:the-old-one', `shown: ${report.shownFingerprint}`]);
    expect(report.shownFingerprint).toMatch(/^SHA256:/);
  });

  it('ends with a server that knows only what is not used any more', async () => {
    const port = await sshServer({ algorithms: { kex: ['diffie-hellman-group14-sha1'] } });
    expect(await causeAt(at(port))).toBe('no-common-algorithm');
  });

  it.each([
    ['a refused key', ['publickey'], ownAuth, 'key-refused'],
    ['a host for passwords only', ['password'], ownAuth, 'keys-not-accepted'],
    ['a refused password', ['password'], { kind: 'password', password: 'hunter2' }, 'password-refused'],
    ['a host for keys only', ['publickey'], { kind: 'password', password: 'hunter2' }, 'passwords-not-accepted'],
  ] as const)('ends at the login with %s', async (_title, methods, auth, cause) => {
    const port = await sshServer({ onLogin: (context) => context.reject([...methods]) });
    const report = await examined(at(port, { auth }));
    expect(report.finding).toMatchObject({ cause, layer: 'login' });
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });

  it('ends at a host that wants a second proof', async () => {
    const port = await sshServer({ onLogin: (context) => context.reject(['keyboard-interactive'], true) });
    expect(await causeAt(at(port))).toBe('second-factor');
  });

  it.each([
    ['no channel for commands', () => sshServer(), 'commands-not-allowed'],
    ['the hook of rented machines', () => answering('no sessions\n'), 'tmux-hook'],
    ['tmux without a terminal', () => answering('open terminal failed: not a terminal\n', 1), 'tmux-hook'],
    ['another program', () => answering('Welcome to the menu\n'), 'command-replaced'],
    ['a shell that is none', () => answering('This account is currently not available.\n', 1), 'shell-ended'],
  ] as const)('ends at the command with %s', async (_title, start, cause) => {
    const report = await examined(at(await start()));
    expect(report.finding).toMatchObject({ cause, layer: 'command' });
  });

  it('keeps of what a hostile host prints a few short printable lines', async () => {
    const flood = `\u001b]0;owned\u0007\u202e<b>${'A'.repeat(5000)}\n`.repeat(200);
    const report = await examined(at(await answering(flood, 1)));
    const size = JSON.stringify(report.finding?.evidence).length;
    expect(size).toBeLessThan(8000);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
    expect(report.finding?.evidence.join('')).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  it('is cut in the middle', async () => {
    const port = await sshServer({
      onClient: (client) => client.on('session', (accept) => accept().on('exec', () => client.end())),
    });
    expect(await causeAt(at(port))).toBe('connection-lost');
  });

  it('can be called off', async () => {
    const reason = new Error('the dashboard ends');
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 100);
    const port = await talker(null, false);
    await expect(examineHost(at(port), { pinned: null, signal: stop.signal })).rejects.toBe(reason);
  });
});

/** ssh2 makes an unusable pair now and then; see createKeyPair. */
function encryptedKey(passphrase: string): string {
  for (;;) {
    const text = ssh2.utils.generateKeyPairSync('ed25519', { passphrase, cipher: 'aes256-ctr', rounds: 1 }).private;
    if (!(ssh2.utils.parseKey(text, passphrase) instanceof Error)) return text;
  }
}
