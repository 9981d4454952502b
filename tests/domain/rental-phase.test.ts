import { describe, expect, it } from 'vitest';
import { areEndpointsFresh, rentalEndpoints } from '../../lib/domain/rental-endpoint';
import { formatRentalLabel, parseRentalLabel } from '../../lib/domain/rental-label';
import {
  isLostCause,
  RENTAL_PHASE_INFO,
  RENTAL_PHASES,
  type RentalFacts,
  type RentalPhase,
  rentalPhaseOf,
} from '../../lib/domain/rental-phase';
import { breakdownOf, isMachineAtFault } from '../../lib/domain/rental-status-message';
import { pickFrom, seededRandom } from '../support/seeded-random';

const facts = (change: Partial<RentalFacts> = {}): RentalFacts => ({
  actualStatus: null,
  intendedStatus: 'running',
  currentState: 'running',
  nextState: 'running',
  statusText: null,
  isBid: false,
  ...change,
});
const DAEMON = 'Error response from daemon: manifest for x/y:z not found: manifest unknown';

describe('what a rented machine is doing', () => {
  it.each<[RentalPhase, Partial<RentalFacts>, (number | null)?]>([
    ['preparing', {}],
    ['preparing', { actualStatus: 'created' }],
    ['loading', { actualStatus: 'loading', statusText: 'Pulling fs layer' }],
    ['running', { actualStatus: 'running' }],
    ['running', { actualStatus: 'running', statusText: 'success, running unauthorized_image' }],
    ['stopping', { actualStatus: 'running', intendedStatus: 'stopped' }],
    ['stopped', { actualStatus: 'exited', intendedStatus: 'stopped' }],
    ['stopped', { actualStatus: 'stopped', intendedStatus: 'stopped', currentState: 'stopped' }],
    ['stopped', { actualStatus: 'exited', intendedStatus: 'stopped', currentState: 'stopped', statusText: DAEMON }],
    ['queued', { actualStatus: 'exited', currentState: 'stopped' }],
    ['queued', { actualStatus: 'stopped' }],
    ['outbid', { actualStatus: 'stopped', isBid: true }],
    ['restarting', { actualStatus: 'rebooting' }],
    ['restarting', { actualStatus: 'recycling', statusText: DAEMON }],
    ['frozen', { actualStatus: 'frozen' }],
    ['exited', { actualStatus: 'exited' }],
    ['starting-again', { actualStatus: 'exited' }, 599_999],
    ['exited', { actualStatus: 'exited' }, 600_000],
    ['silent', { actualStatus: 'unknown' }],
    ['offline', { actualStatus: 'offline' }],
    ['broken', { actualStatus: 'loading', statusText: DAEMON }],
    ['not-started', { intendedStatus: 'stopped', currentState: 'stopped', nextState: 'stopped' }],
    ['unclear', { actualStatus: 'dreaming' }],
  ])('is %s for %j', (phase, change, startedAgoMs = null) => {
    expect(rentalPhaseOf(facts(change), startedAgoMs)).toBe(phase);
  });

  it('is gone when the provider knows no such instance', () => {
    expect(rentalPhaseOf(null, null)).toBe('gone');
  });

  it('has an answer for every mixture of words, and calls nothing up that is not running', () => {
    const random = seededRandom(8);
    const words = ['running', 'stopped', 'exited', 'created', 'loading', 'frozen', 'unknown', 'offline', 'x', null];
    for (let turn = 0; turn < 3000; turn += 1) {
      const mixture = facts({
        actualStatus: pickFrom(random, words),
        intendedStatus: pickFrom(random, words),
        currentState: pickFrom(random, words),
        nextState: pickFrom(random, words),
        statusText: pickFrom(random, [null, DAEMON]),
        isBid: random() < 0.5,
      });
      const phase = rentalPhaseOf(mixture, random() < 0.5 ? null : random() * 1e6);
      expect(RENTAL_PHASES).toContain(phase);
      expect(RENTAL_PHASE_INFO[phase].outlook === 'up').toBe(
        mixture.actualStatus === 'running' && mixture.intendedStatus !== 'stopped',
      );
    }
  });

  it('tells what passes by itself from what somebody has to end', () => {
    expect(RENTAL_PHASES.filter(isLostCause)).toEqual([
      'queued',
      'outbid',
      'frozen',
      'exited',
      'silent',
      'offline',
      'broken',
      'not-started',
      'gone',
    ]);
  });
});

describe('a status message', () => {
  it.each([
    ['image-missing', DAEMON, false],
    ['image-refused', 'Error response from daemon: pull access denied for x, repository does not', false],
    ['disk-full', 'failed to register layer: no space left on device', true],
    ['download-broken', 'unexpected EOF', true],
    ['container-refused', 'OCI runtime create failed: unable to start', true],
    ['container-refused', 'Error response from daemon: something else', true],
  ] as const)('proves %s', (breakdown, text, isMachines) => {
    expect(breakdownOf(text)).toBe(breakdown);
    expect(isMachineAtFault(breakdown)).toBe(isMachines);
  });

  it('proves nothing while it loads, is absent, or is too long to be read', () => {
    for (const text of [null, '', 'Pulling from library/ubuntu', `${'a'.repeat(5000)} no space left`]) {
      expect(breakdownOf(text)).toBeNull();
    }
    const startMs = performance.now();
    breakdownOf('manifest for '.repeat(50_000));
    expect(performance.now() - startMs).toBeLessThan(200);
  });
});

describe('the addresses of a rented machine', () => {
  const addresses = {
    publicIp: ' 203.0.113.7\n',
    directPort: 30_022,
    proxyHost: 'ssh3.vast.ai',
    proxyPort: 12_296,
    isJupyter: false,
  };

  it('are the direct one before the proxy', () => {
    expect(rentalEndpoints(addresses)).toEqual([
      { kind: 'direct', host: '203.0.113.7', port: 30_022, user: 'root' },
      { kind: 'proxy', host: 'ssh3.vast.ai', port: 12_296, user: 'root' },
    ]);
    expect(rentalEndpoints({ ...addresses, directPort: null, isJupyter: true })).toEqual([
      { kind: 'proxy', host: 'ssh3.vast.ai', port: 12_297, user: 'root' },
    ]);
  });

  it('hold nothing that is no address', () => {
    for (const publicIp of [null, '', '-oProxyCommand=x', 'a b', 'a/b', `a${'b'.repeat(300)}`]) {
      expect(rentalEndpoints({ ...addresses, publicIp, proxyPort: null })).toEqual([]);
    }
    for (const directPort of [0, -1, 65_536, 1.5]) {
      expect(rentalEndpoints({ ...addresses, directPort, proxyHost: null })).toEqual([]);
    }
  });

  it('are good for ten seconds, and not for a clock that went back', () => {
    expect([0, 10_000, 10_001, -1].map((ageMs) => areEndpointsFresh(50_000, 50_000 + ageMs))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the label of a rental', () => {
  it('is read back as it was written, and no other label is taken for one of ours', () => {
    const label = { installationId: 'a-1', rentalId: 'b_2' };
    expect(formatRentalLabel(label)).toBe('quantdeck:a-1:b_2');
    expect(parseRentalLabel(formatRentalLabel(label))).toEqual(label);
    for (const other of [null, '', 'my box', 'quantdeck:a', 'quantdeck:a:b:c', 'xquantdeck:a:b', 'quantdeck:a:b\n']) {
      expect(parseRentalLabel(other)).toBeNull();
    }
    expect(() => formatRentalLabel({ installationId: 'a:b', rentalId: 'c' })).toThrow(RangeError);
  });
});
