import { describe, expect, it } from 'vitest';
import {
  CONNECTION_CAUSES,
  type ConnectionCause,
  type ConnectionObservation,
  type RentalContext,
} from '../../lib/domain/connection-report';
import { CAUSE_WORDS } from '../../lib/domain/connection-words';
import { connectionFailure, diagnoseConnection, rentalMatters } from '../../lib/domain/diagnose-connection';
import { commandSeen, OUR_KEY, passedAll, stoppedAt } from '../support/connection-examples';

const HERE = [{ host: '203.0.113.7', port: 34_538 }];
const BAD_MODES = 'Authentication refused: bad ownership or modes for directory /root';
const OTHER_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAISomebodyElses other';
const rented = (part: Partial<RentalContext> = {}): RentalContext => ({
  endpoints: HERE,
  keys: [OUR_KEY],
  log: null,
  ...part,
});
const swallowed = (...errors: string[]) => ({ command: commandSeen({ hasAnswer: false, errors, exitCode: 1 }) });
const refusedKey = (seen = {}) => stoppedAt('login', 'ssh-auth-refused', { seen: { methods: ['publickey'], ...seen } });
const byPassword = { target: { auth: 'password' } } as const;

const CASES: readonly (readonly [ConnectionCause, string, ConnectionObservation, RentalContext?])[] = [
  ['key-is-path', 'a path', stoppedAt('own-key', 'ssh-key-invalid', { seen: { keyText: 'path' } })],
  ['key-is-public-half', 'a .pub', stoppedAt('own-key', 'ssh-key-invalid', { seen: { keyText: 'public' } })],
  ['key-wrong-format', 'a .ppk', stoppedAt('own-key', 'ssh-key-invalid', { seen: { keyText: 'putty' } })],
  ['key-wrong-format', 'PKCS#8', stoppedAt('own-key', 'ssh-key-invalid', { seen: { keyText: 'pkcs8' } })],
  ['key-damaged', 'cut off', stoppedAt('own-key', 'ssh-key-invalid')],
  ['key-damaged', 'not looked at', stoppedAt('own-key', 'ssh-key-invalid', { seen: { keyText: null } })],
  ['key-passphrase-missing', 'no passphrase', stoppedAt('own-key', 'ssh-key-passphrase')],
  [
    'key-passphrase-wrong',
    'a wrong one',
    stoppedAt('own-key', 'ssh-key-passphrase', { seen: { hasPassphrase: true } }),
  ],
  ['unexplained', 'a mistake of ours', stoppedAt('own-key', 'internal')],
  ['name-unknown', 'ENOTFOUND', stoppedAt('name', 'host-dns', { errorCode: 'ENOTFOUND' })],
  ['name-service-down', 'EAI_AGAIN', stoppedAt('name', 'host-dns', { errorCode: 'EAI_AGAIN' })],
  ['port-refused', 'ECONNREFUSED', stoppedAt('tcp', 'host-refused')],
  ['no-answer', 'nothing', stoppedAt('tcp', 'host-timeout')],
  ['no-route', 'EHOSTUNREACH', stoppedAt('tcp', 'host-unreachable')],
  ['silent', 'no greeting', stoppedAt('greeting', 'host-timeout')],
  ['hung-up', 'a close', stoppedAt('greeting', 'ssh-protocol')],
  ['throttled', 'MaxStartups', stoppedAt('greeting', 'ssh-protocol', { seen: { greeting: 'Exceeded MaxStartups' } })],
  ['not-ssh', 'HTTP', stoppedAt('greeting', 'ssh-protocol', { seen: { greeting: 'HTTP/1.1 400 Bad Request' } })],
  ['host-key-changed', 'another key', stoppedAt('host-key', 'host-key-changed')],
  ['stopped-answering', 'silence in the exchange', stoppedAt('host-key', 'host-timeout')],
  [
    'no-common-algorithm',
    'an old server',
    stoppedAt('host-key', 'ssh-protocol', { evidence: ['Handshake failed: no matching key exchange algorithm'] }),
  ],
  ['key-exchange-broken', 'a cut', stoppedAt('host-key', 'ssh-protocol', { evidence: ['read ECONNRESET'] })],
  ['key-refused', 'no such key', refusedKey()],
  ['rsa-refused', 'RSA that was not even shown', refusedKey({ methods: null, keyType: 'ssh-rsa' })],
  ['key-refused', 'another kind that was not shown', refusedKey({ methods: null })],
  ['rsa-refused', 'RSA that was shown', refusedKey({ keyType: 'ssh-rsa' })],
  ['rsa-refused', 'RSA that is registered', refusedKey({ keyType: 'ssh-rsa' }), rented()],
  ['key-not-attached', 'RSA that is not registered', refusedKey({ keyType: 'ssh-rsa' }), rented({ keys: [] })],
  ['keys-not-accepted', 'passwords only', refusedKey({ methods: ['password'] })],
  ['second-factor', 'partial success', refusedKey({ isPartlyIn: true })],
  ['password-refused', 'a wrong password', stoppedAt('login', 'ssh-auth-refused', byPassword)],
  [
    'password-refused',
    'a prompt',
    stoppedAt('login', 'ssh-auth-refused', { ...byPassword, seen: { methods: ['keyboard-interactive'] } }),
  ],
  [
    'passwords-not-accepted',
    'keys only',
    stoppedAt('login', 'ssh-auth-refused', { ...byPassword, seen: { methods: ['publickey'] } }),
  ],
  ['connection-lost', 'a cut at the login', stoppedAt('login', 'ssh-protocol')],
  ['commands-not-allowed', 'no channel', stoppedAt('command', 'ssh-protocol')],
  ['connection-lost', 'a cut before the command', stoppedAt('command', 'host-lost')],
  ['tmux-hook', 'the hook', stoppedAt('command', 'ssh-protocol', { seen: swallowed('no sessions') })],
  [
    'tmux-hook',
    'tmux itself',
    stoppedAt('command', 'ssh-protocol', { seen: swallowed('open terminal failed: not a terminal') }),
  ],
  [
    'commands-not-allowed',
    'internal-sftp',
    stoppedAt('command', 'ssh-protocol', { seen: swallowed('This service allows sftp connections only.') }),
  ],
  [
    'command-hangs',
    'no end',
    stoppedAt('command', 'ssh-protocol', {
      seen: { command: commandSeen({ hasAnswer: false, isInTime: false, exitCode: null }) },
    }),
  ],
  [
    'command-replaced',
    'ForceCommand',
    stoppedAt('command', 'ssh-protocol', { seen: { command: commandSeen({ hasAnswer: false, before: ['hi'] }) } }),
  ],
  ['shell-ended', 'nologin', stoppedAt('command', 'ssh-protocol', { seen: swallowed('not available') })],
  [
    'shell-ended',
    'a shell that was killed',
    stoppedAt('command', 'ssh-protocol', { seen: { command: commandSeen({ hasAnswer: false, exitCode: null }) } }),
  ],
  [
    'shell-noise',
    'text after the answer',
    stoppedAt('command', 'ssh-protocol', { seen: { command: commandSeen({ after: ['bye'] }) } }),
  ],
  [
    'shell-noise',
    'text that breaks SFTP',
    stoppedAt('files', 'sftp-unavailable', { seen: { command: commandSeen({ before: ['hello'] }) } }),
  ],
  ['no-sftp', 'no subsystem', stoppedAt('files', 'sftp-unavailable', { seen: { command: commandSeen() } })],
  ['stopped-answering', 'SFTP that hangs', stoppedAt('files', 'host-timeout', { seen: { command: commandSeen() } })],
  ['host-unusable', 'no home folder', stoppedAt('host', 'host-unsupported')],
  ['connection-lost', 'a cut at the end', stoppedAt('host', 'host-lost')],
  ['endpoint-moved', 'a new port', stoppedAt('tcp', 'host-refused'), rented({ endpoints: [{ host: 'h', port: 1 }] })],
  ['port-refused', 'a port that is right', stoppedAt('tcp', 'host-refused'), rented()],
  ['port-refused', 'an instance without address', stoppedAt('tcp', 'host-refused'), rented({ endpoints: [] })],
  ['port-refused', 'a service that does not say', stoppedAt('tcp', 'host-refused'), rented({ endpoints: null })],
  [
    'tmux-hook',
    'a hook of a rented one',
    stoppedAt('command', 'ssh-protocol', { seen: swallowed('no sessions') }),
    rented(),
  ],
  ['key-refused', 'a key that is registered', refusedKey(), rented()],
  ['key-refused', 'keys that nobody told', refusedKey(), rented({ keys: null })],
  ['key-refused', 'a key that cannot be compared', refusedKey({ publicKey: null }), rented()],
  ['key-not-attached', 'another key', refusedKey(), rented({ keys: [OTHER_KEY] })],
  ['key-not-attached', 'no key', refusedKey(), rented({ keys: [] })],
  ['key-list-ignored', 'sshd says so in its log', refusedKey(), rented({ log: ['sshd starts', BAD_MODES] })],
  ['key-list-ignored', 'the same, keys not told', refusedKey(), rented({ keys: null, log: [BAD_MODES] })],
  ['key-not-attached', 'ours is not in the list', refusedKey(), rented({ keys: [], log: [BAD_MODES] })],
  ['key-path-registered', 'a path', refusedKey(), rented({ keys: [OTHER_KEY, 'C:\\Users\\me\\.ssh\\id_ed25519.pub'] })],
];

describe('the cause of a connection that does not work', () => {
  it.each(CASES.map(([cause, title, observation, rental]) => ({ cause, title, observation, rental })))(
    '$cause: $title',
    ({ cause, observation, rental }) => {
      const report = diagnoseConnection(observation, rental ?? null);
      expect(report.finding).toMatchObject({ cause, isBlocking: true, layer: observation.stopped?.layer });
      const { what, why, remedy, evidence, fixes } = report.finding as NonNullable<typeof report.finding>;
      for (const words of [what, why, remedy]) expect(words).not.toMatch(/\{\w+\}/);
      expect(evidence.length).toBeGreaterThan(0);
      if (!rental) expect(fixes).not.toContain('attach-key');
      expect(report.layers.filter(({ state }) => state === 'failed').map(({ layer }) => layer)).toEqual([
        observation.stopped?.layer,
      ]);
    },
  );

  it('is each one of the list at least once', () => {
    expect(new Set(CASES.map(([cause]) => cause))).toEqual(new Set(CONNECTION_CAUSES));
    expect(Object.keys(CAUSE_WORDS)).toEqual([...CONNECTION_CAUSES]);
  });
});

describe('the report of a test', () => {
  it('shows what was seen on the way', () => {
    const { layers, finding } = diagnoseConnection(
      passedAll({
        address: '203.0.113.7',
        greeting: 'SSH-2.0-OpenSSH_9.2',
        shownFingerprint: 'SHA256:shown',
        banner: 'Have fun!',
        command: commandSeen(),
      }),
      null,
    );
    expect(finding).toBeNull();
    expect(layers.every(({ state, durationMs }) => state === 'ok' && durationMs === 1)).toBe(true);
    expect(layers.map(({ seen }) => seen).filter(Boolean)).toEqual([
      'ssh-ed25519',
      '203.0.113.7',
      'SSH-2.0-OpenSSH_9.2',
      'SHA256:shown',
      'Have fun!',
    ]);
  });

  it('has layers that were not reached, and the password in place of a key', () => {
    const { layers } = diagnoseConnection(stoppedAt('tcp', 'host-timeout', byPassword), null);
    expect(layers.slice(0, 4)).toEqual([
      { layer: 'own-key', state: 'ok', durationMs: 1, seen: 'password' },
      { layer: 'name', state: 'ok', durationMs: 1, seen: null },
      { layer: 'tcp', state: 'failed', durationMs: 1, seen: null },
      { layer: 'greeting', state: 'not-reached', durationMs: null, seen: null },
    ]);
  });

  it('warns of text that our own commands read past', () => {
    const { layers, finding } = diagnoseConnection(passedAll({ command: commandSeen({ before: ['hello'] }) }), null);
    expect(finding).toMatchObject({ cause: 'shell-noise', isBlocking: false, evidence: ['hello'] });
    expect(layers.find(({ layer }) => layer === 'command')?.state).toBe('warned');
  });

  it('offers what needs a rental service to rented instances alone, and says what was tried', () => {
    const tried = { fix: 'attach-key', failure: null } as const;
    const report = diagnoseConnection(refusedKey({ banner: 'Have fun!' }), rented(), tried);
    expect(report.tried).toBe(tried);
    expect(report.finding?.fixes).toEqual(['attach-key']);
    expect(report.finding?.evidence).toEqual([`our key: ${OUR_KEY}`, 'it said: Have fun!']);
    expect(diagnoseConnection(refusedKey({ publicKey: null }), null).finding).toMatchObject({
      fixes: [],
      evidence: ['As the transport says it.'],
    });
  });

  it('shows of registered texts what is no secret', () => {
    const keys = ['C:\\Users\\me\\id_ed25519.pub\u001b[2J', '-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0', OTHER_KEY];
    const { evidence } = diagnoseConnection(refusedKey(), rented({ keys })).finding ?? { evidence: [] };
    expect(evidence.slice(0, 3)).toEqual([
      'registered: C:\\Users\\me\\id_ed25519.pub?[2J',
      'registered: a text that is no public key',
      `registered: ${OTHER_KEY.slice(0, 60)}`,
    ]);
    expect(JSON.stringify(evidence)).not.toContain('c2VjcmV0');
  });

  it('writes an IPv6 address as people do', () => {
    const observation = stoppedAt('tcp', 'host-timeout', { target: { host: '2001:db8::7' } });
    expect(diagnoseConnection(observation, null).finding?.what).toContain('[2001:db8::7]:34538');
  });

  it('becomes a failure where there is no room for more', () => {
    const observation = stoppedAt('tcp', 'host-refused');
    const report = diagnoseConnection(observation, null);
    expect(connectionFailure(observation, report)).toMatchObject({
      code: 'host-refused',
      message: `${report.finding?.what} ${report.finding?.why}`,
      remedy: report.finding?.remedy,
    });
    expect(connectionFailure(passedAll(), diagnoseConnection(passedAll(), null))).toBeNull();
    const unknown = stoppedAt('own-key', 'internal');
    expect(connectionFailure(unknown, diagnoseConnection(unknown, null))).toBe(unknown.stopped?.failure);
  });

  it('asks a rental service only where that can say more', () => {
    expect(rentalMatters(stoppedAt('login', 'ssh-auth-refused'))).toBe(true);
    expect(rentalMatters(stoppedAt('files', 'sftp-unavailable'))).toBe(false);
    expect(rentalMatters(passedAll())).toBe(false);
  });
});
