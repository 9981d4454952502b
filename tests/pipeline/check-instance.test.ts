import { describe, expect, it } from 'vitest';
import type { ConnectionObservation, ConnectionReport, WorkerFix } from '../../lib/domain/connection-report';
import { type Failure, FailureError } from '../../lib/domain/failure';
import type { HostFacts } from '../../lib/domain/instance';
import { type CheckWorld, checkInstance, type RentedHost } from '../../lib/pipeline/check-instance';
import { NOTHING_SEEN, OUR_KEY, passedAll, stoppedAt } from '../support/connection-examples';

const FACTS = { cores: 4 } as HostFacts;
const FOREVER = new AbortController().signal;

interface Parts {
  readonly sees?: ConnectionObservation | Error;
  readonly fix?: WorkerFix;
  readonly rented?: Partial<RentedHost>;
  readonly publicKey?: string | null;
}

/** A world that writes down what is done to it. */
function worldOf({ sees = passedAll(), fix, rented, publicKey = OUR_KEY }: Parts) {
  const recorded: { outcome: { facts: HostFacts } | { failure: Failure }; report: ConnectionReport | null }[] = [];
  const progress: ConnectionReport[] = [];
  const done: string[] = [];
  const quiet = () => undefined;
  const host: RentedHost = {
    endpoints: async () => [],
    keys: async () => [],
    attachKey: async (key) => void done.push(`attach ${key}`),
    log: async () => [],
    ...rented,
  };
  const world: CheckWorld = {
    checks: {
      claimRequestedCheck: async () => null,
      recordCheck: async (_id, outcome, report) => void recorded.push({ outcome, report }),
      recordConnectionProgress: async (_id, report) => void progress.push(report),
      takeWantedFix: async () => fix ?? null,
      moveInstance: async (_id, { host, port }) => void done.push(`move to ${host}:${port}`),
      findPublicKey: async () => publicKey,
    },
    doctor: {
      examine: async (_id, { onProgress }) => {
        if (sees instanceof Error) throw sees;
        onProgress({ ...sees, passed: [], stopped: null, seen: NOTHING_SEEN });
        onProgress(sees);
        return { observation: sees, facts: sees.stopped === null ? FACTS : null };
      },
      switchOffTmux: async () => void done.push('switch off tmux'),
    },
    rentals: { find: async () => (rented ? host : null) },
    live: { instanceChanged: () => void done.push('told') },
    logger: { info: quiet, warn: quiet, error: quiet },
  };
  return { world, recorded, progress, done };
}

async function checked(parts: Parts) {
  const made = worldOf(parts);
  await checkInstance('i', made.world, FOREVER);
  return { ...made, report: made.recorded[0]?.report, outcome: made.recorded[0]?.outcome };
}

const refused = stoppedAt('login', 'ssh-auth-refused', { seen: { methods: ['publickey'] } });

describe('the check of an instance', () => {
  it('records what the host has and that every layer was passed', async () => {
    const { outcome, report, progress, done } = await checked({});
    expect(outcome).toEqual({ facts: FACTS });
    expect(report?.finding).toBeNull();
    expect(progress.at(-1)?.layers.every(({ state }) => state === 'ok')).toBe(true);
    expect(done.filter((what) => what === 'told').length).toBeGreaterThan(2);
  });

  it('records where it ended, as a failure too', async () => {
    const { outcome, report } = await checked({ sees: refused });
    expect(report?.finding).toMatchObject({ cause: 'key-refused', fixes: [] });
    expect(outcome).toMatchObject({ failure: { code: 'ssh-auth-refused', remedy: report?.finding?.remedy } });
  });

  it('asks the rental service about a machine that is rented, and does without its answer', async () => {
    const attached = await checked({ sees: refused, rented: { keys: async () => ['~/.ssh/id_rsa.pub'] } });
    expect(attached.report?.finding).toMatchObject({ cause: 'key-path-registered', fixes: ['attach-key'] });
    const moved = await checked({
      sees: stoppedAt('tcp', 'host-refused'),
      rented: { endpoints: async () => [{ host: '203.0.113.7', port: 40_001 }] },
    });
    expect(moved.report?.finding).toMatchObject({ cause: 'endpoint-moved', fixes: ['follow-endpoint'] });
    const log = async () => ['Authentication refused: bad ownership or modes for directory /root'];
    const ignored = await checked({ sees: refused, rented: { log, keys: async () => [OUR_KEY] } });
    expect(ignored.report?.finding).toMatchObject({ cause: 'key-list-ignored' });
    expect(ignored.report?.finding?.evidence[0]).toContain('the machine wrote: Authentication refused');
    const silent = async () => {
      throw new FailureError('rental-unreachable', 'The service does not answer.');
    };
    const unknown = await checked({ sees: refused, rented: { endpoints: silent, keys: silent, log: silent } });
    expect(unknown.report?.finding).toMatchObject({ cause: 'key-refused', fixes: ['attach-key'] });
  });

  it('tries a fix before it looks again', async () => {
    const key = await checked({ fix: 'attach-key', rented: {} });
    expect([key.done[1], key.report?.tried]).toEqual([`attach ${OUR_KEY}`, { fix: 'attach-key', failure: null }]);
    const place = { host: '203.0.113.9', port: 41_000 };
    const moved = await checked({ fix: 'follow-endpoint', rented: { endpoints: async () => [place] } });
    expect(moved.done[1]).toBe('move to 203.0.113.9:41000');
    const tmux = await checked({ fix: 'switch-off-tmux' });
    expect(tmux.done[1]).toBe('switch off tmux');
  });

  it.each([
    ['a host that is not rented', { fix: 'attach-key' }, 'conflict'],
    ['a host that is reached by password', { fix: 'attach-key', rented: {}, publicKey: null }, 'conflict'],
    ['a machine that has no address yet', { fix: 'follow-endpoint', rented: {} }, 'host-unreachable'],
  ] as const)('says why a fix did not work for %s, and looks all the same', async (_title, parts, code) => {
    const { report, outcome } = await checked(parts);
    expect(report?.tried).toMatchObject({ fix: parts.fix, failure: { code } });
    expect(outcome).toEqual({ facts: FACTS });
  });

  it('records a mistake of our own without a report', async () => {
    const { outcome, report } = await checked({ sees: new Error('the database is gone') });
    expect([outcome, report]).toEqual([{ failure: expect.objectContaining({ code: 'internal' }) }, null]);
  });

  it('records nothing when the dashboard ends: the next one does it again', async () => {
    const { world, recorded } = worldOf({ sees: new Error('called off') });
    await checkInstance('i', world, AbortSignal.abort('shutdown'));
    expect(recorded).toEqual([]);
  });
});
