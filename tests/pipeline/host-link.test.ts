import { describe, expect, it } from 'vitest';
import { FailureError } from '../../lib/domain/failure';
import { FIRST_CONTACT_LIMIT_MS, HostLink, UNREACHABLE_LIMIT_MS } from '../../lib/pipeline/host-link';
import type { HostSession } from '../../lib/pipeline/host-port';

const refused = () => new FailureError('host-refused', 'Nothing listens at 10.0.0.1:22.', { isTransient: true });

/** A clock whose sleep passes at once. */
function fakeClock() {
  let ms = 0;
  return {
    now: () => new Date(ms),
    monotonicMs: () => ms,
    sleep: async (durationMs: number) => {
      ms += durationMs;
    },
  };
}

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const session = () => ({ close: () => undefined, onClose: () => undefined }) as unknown as HostSession;

function linkTo(connect: () => Promise<HostSession>, wasReached: boolean) {
  const told: (Date | null)[] = [];
  const clock = fakeClock();
  const onUnreachable = async (since: Date | null) => {
    told.push(since);
  };
  return { link: new HostLink({ instanceId: 'i', connect, clock, logger, onUnreachable }, wasReached), told, clock };
}

describe('the link to a host', () => {
  it('gives up on a host that was never reached within seconds, with the reason', async () => {
    const { link, clock, told } = linkTo(() => Promise.reject(refused()), false);
    await expect(link.session()).rejects.toMatchObject({ failure: { code: 'host-refused' } });
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(FIRST_CONTACT_LIMIT_MS);
    expect(clock.monotonicMs()).toBeLessThan(FIRST_CONTACT_LIMIT_MS * 3);
    expect(told).toEqual([]);
  });

  it('waits for a host that was reached before, says since when it is away, and says when it is back', async () => {
    let tries = 0;
    const { link, told } = linkTo(async () => {
      tries += 1;
      if (tries < 6) throw refused();
      return session();
    }, true);
    await link.session();
    expect(told).toEqual([new Date(0), null]);
  });

  it('calls a host lost after a quarter of an hour, keeping the last reason', async () => {
    const { link, clock } = linkTo(() => Promise.reject(refused()), true);
    await expect(link.session()).rejects.toMatchObject({
      failure: { code: 'host-lost', isTransient: true, evidence: ['Nothing listens at 10.0.0.1:22.'] },
    });
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(UNREACHABLE_LIMIT_MS);
  });

  it('never retries into a changed host key', async () => {
    let tries = 0;
    const { link } = linkTo(() => {
      tries += 1;
      return Promise.reject(new FailureError('host-key-changed', 'Another machine answers.'));
    }, true);
    await expect(link.session()).rejects.toMatchObject({ failure: { code: 'host-key-changed' } });
    expect(tries).toBe(1);
  });

  it('runs work again on a new connection when the old one died under it, and only then', async () => {
    let connects = 0;
    const { link } = linkTo(async () => {
      connects += 1;
      return session();
    }, true);
    let runs = 0;
    const answer = await link.withSession(async () => {
      runs += 1;
      if (runs === 1) throw new FailureError('host-lost', 'The connection ended.');
      return 'done';
    });
    expect([answer, runs, connects]).toEqual(['done', 2, 2]);
    await expect(link.withSession(() => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
    expect(connects).toBe(2);
  });

  it('stops waiting when the job is stopped', async () => {
    const stop = new AbortController();
    const { link } = linkTo(async () => {
      stop.abort('canceled');
      throw refused();
    }, true);
    await expect(link.session(stop.signal)).rejects.toBe('canceled');
  });
});
