import { appendFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { diagnoseConnection } from '../../../lib/domain/diagnose-connection';
import { examineHost } from '../../../lib/ssh/examine-host';
import { readPrivateKey } from '../../../lib/ssh/keys';
import { switchOffTmux } from '../../../lib/ssh/switch-off-tmux';
import { endpointOf, fakeVastMachines, UP_MS } from '../../support/fake-vast-machine';
import { hasSshd, type SshdHost, startSshdHost } from '../../support/sshd-host';

const hosts: SshdHost[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.stop();
});

async function start(options: Parameters<typeof startSshdHost>[0] = {}): Promise<SshdHost> {
  const host = await startSshdHost(options);
  hosts.push(host);
  return host;
}

async function examined(host: SshdHost, change: Partial<SshdHost['endpoint']> = {}, pinned: string | null = null) {
  const { observation, facts } = await examineHost({ ...host.endpoint, ...change }, { pinned });
  return { ...diagnoseConnection(observation, null), facts };
}

/** As the hook of rented machines: commands find no tmux session and end, people get a terminal of tmux. */
const HOOK = `if [ -n "$SSH_CONNECTION" ] && [ ! -e ~/.no_auto_tmux ]; then
  if [ -t 0 ]; then exec sh; fi
  echo 'no sessions'; exit 0
fi
`;

describe.skipIf(!hasSshd)('the way to an sshd', () => {
  it('is free', async () => {
    const host = await start();
    const report = await examined(host);
    expect(report.finding).toBeNull();
    expect(report.layers.map(({ state }) => state)).toEqual(Array(9).fill('ok'));
    expect(report.facts?.homeFolder).toBe(host.homeFolder);
  });

  it('is free with a remark when a shell prints text that file transfer does not see', async () => {
    const report = await examined(await start({ bashrc: 'echo Have fun!\n', sftp: 'internal-sftp' }));
    expect(report.finding).toMatchObject({ cause: 'shell-noise', isBlocking: false, evidence: ['Have fun!'] });
    expect(report.layers[6]).toMatchObject({ layer: 'command', state: 'warned' });
    expect(report.facts).not.toBeNull();
  });

  it.each([
    ['text in the way of file transfer', { bashrc: 'echo Have fun!\n' }, 'shell-noise', 'files'],
    [
      'text after each answer',
      { config: 'ForceCommand sh -c "$SSH_ORIGINAL_COMMAND"; echo bye' },
      'shell-noise',
      'command',
    ],
    ['a shell that ends', { bashrc: 'exit 0\n' }, 'shell-ended', 'command'],
    ['a shell that hangs', { bashrc: 'sleep 20\n' }, 'command-hangs', 'command'],
    ['a fixed command', { config: 'ForceCommand echo hi' }, 'command-replaced', 'command'],
    ['file transfer only', { config: 'ForceCommand internal-sftp' }, 'commands-not-allowed', 'command'],
    ['no file transfer', { sftp: null }, 'no-sftp', 'files'],
    ['a file transfer program that is missing', { sftp: '/nowhere/sftp-server' }, 'no-sftp', 'files'],
    ['a home folder that is no folder', { environment: { HOME: '/dev/null' } }, 'host-unusable', 'host'],
    ['no key that is let in', { config: 'PubkeyAuthentication no' }, 'keys-not-accepted', 'login'],
    ['two proofs', { config: 'AuthenticationMethods publickey,password' }, 'second-factor', 'login'],
  ] as const)('ends with %s', async (_title, options, cause, layer) => {
    expect((await examined(await start(options))).finding).toMatchObject({ cause, layer, isBlocking: true });
  });

  it('ends with a key that sshd does not know, and one of a kind that it does not take', async () => {
    const host = await start({ config: 'PubkeyAcceptedAlgorithms ssh-ed25519' });
    const rsa = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;
    const keysFile = path.join(path.dirname(host.homeFolder), 'authorized_keys');
    appendFileSync(keysFile, `${readPrivateKey(rsa).publicKey}\n`);
    expect((await examined(host, { auth: { kind: 'key', privateKey: rsa } })).finding?.cause).toBe('rsa-refused');
    const other = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
    expect((await examined(host, { auth: { kind: 'key', privateKey: other } })).finding?.cause).toBe('key-refused');
  });

  it('ends when the machine behind an address is another one', async () => {
    const host = await start();
    const old = host.fingerprint;
    const shown = await host.restart({ newHostKey: true });
    const report = await examined(host, {}, old);
    expect(report.finding?.cause).toBe('host-key-changed');
    expect(report.shownFingerprint).toBe(shown);
  });

  it('is freed of the tmux hook by typing, where file transfer does not work', async () => {
    const host = await start({ bashrc: HOOK, sftp: null });
    expect((await examined(host)).finding).toMatchObject({ cause: 'tmux-hook', fixes: ['switch-off-tmux'] });
    await switchOffTmux(host.endpoint, { pinned: null });
    expect(existsSync(path.join(host.homeFolder, '.no_auto_tmux'))).toBe(true);
    expect((await examined(host)).finding?.cause).toBe('no-sftp');
  });
});

describe.skipIf(!hasSshd)('the way to a rented machine', () => {
  const { rent } = fakeVastMachines();

  it('is freed of its tmux hook', async () => {
    const rented = await rent({}, { startScript: 'true' });
    await rented.fake.clock.advance(UP_MS);
    const { host, port, user } = await endpointOf(rented);
    const auth = { kind: 'key', privateKey: rented.key.privateKey } as const;
    const endpoint = { instanceId: rented.id, host, port, user, auth };
    const look = async () => diagnoseConnection((await examineHost(endpoint, { pinned: null })).observation, null);
    expect(await look()).toMatchObject({ finding: { cause: 'tmux-hook', evidence: ['no sessions', 'exit code: 0'] } });
    await switchOffTmux(endpoint, { pinned: null });
    const { finding, layers } = await look();
    expect(finding).toBeNull();
    expect(layers.find(({ layer }) => layer === 'login')?.seen).toContain('Welcome to vast.ai');
  });
});
