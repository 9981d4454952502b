import { describe, expect, it } from 'vitest';
import { isFailureError } from '../../../lib/domain/failure';
import { failureOf } from '../../support/failure-of';
import { seededRandom } from '../../support/seeded-random';
import { ANY_OFFER, orderFor, providerOn, vastOnFake } from '../../support/vast-on-fake';

const { start } = vastOnFake();

describe('the pace of requests', () => {
  it('never trips the limits of the service, however many ask at once', async () => {
    const { fake, vast } = await start();
    const random = seededRandom(5);
    const kinds = [
      () => vast.account(),
      () => vast.list(),
      () => vast.find('1'),
      () => vast.destroy('1'),
      () => vast.searchOffers({ ...ANY_OFFER, mostOffers: 64 }),
      () => vast.charges(0, 1),
      () => vast.accountKeys(),
    ];
    await Promise.all(Array.from({ length: 100 }, () => kinds[Math.floor(random() * kinds.length)]?.()));
    expect(fake.requests.length).toBeGreaterThanOrEqual(100);
    expect(fake.requests.filter(({ status }) => status === 429)).toEqual([]);
    expect(fake.violations).toEqual([]);
  });

  it.each(['rate-limit-text', 'rate-limit-json', 'rate-limit-header', 'server-error'] as const)(
    'slows down after %s, longer each time, and goes on',
    async (kind) => {
      const { fake, vast } = await start();
      fake.faults.set([{ kind, times: 3 }]);
      const beforeMs = fake.clock.nowMs();
      expect((await vast.account()).creditNanoUsd).toBe(20_000_000_000);
      expect(fake.clock.nowMs() - beforeMs).toBeGreaterThanOrEqual(2000 + 4000 + 8000);
      expect(fake.requests).toHaveLength(4);
    },
  );

  it.each([
    ['json', 200],
    ['header', 200],
    // Nobody said for how long: the next one is too early again, and punished.
    ['text', 429],
  ] as const)(
    'is refused as %s for the haste of another client, and asks again when it was told to',
    async (style, last) => {
      const { fake, vast } = await start();
      fake.limiter.style = style;
      const order = await orderFor(vast, 'quantdeck:here:1');
      const headers = { authorization: `Bearer ${fake.key}` };
      for (let hasty = 0; hasty < 2; hasty += 1) await fetch(`${fake.url}/api/v0/asks/1/`, { method: 'PUT', headers });
      expect(await failureOf(vast.rent(order))).toMatchObject({ code: 'rental-rate-limited', isTransient: true });
      await vast.rent(order).catch(() => undefined);
      const asked = fake.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/asks/'));
      expect(asked.slice(1).map(({ status }) => status)).toEqual([429, 429, last]);
    },
  );

  it('waits as long as it is asked to', async () => {
    const { fake } = await start();
    let isFirst = true;
    const vast = providerOn(fake, {
      fetch: (input, init) => {
        if (!isFirst) return fetch(input, init);
        isFirst = false;
        return Promise.resolve(new Response('slow down', { status: 429, headers: { 'retry-after': '75' } }));
      },
    });
    const beforeMs = fake.clock.nowMs();
    await vast.account();
    expect(fake.clock.nowMs() - beforeMs).toBeGreaterThanOrEqual(75_000);
  });

  it('gives up after four tries, and says for how long when the queue is too long', async () => {
    const { fake, vast } = await start();
    fake.faults.set([{ kind: 'rate-limit-text' }]);
    expect(await failureOf(vast.account())).toMatchObject({ code: 'rental-rate-limited', isTransient: true });
    expect(fake.requests).toHaveLength(4);
    fake.faults.set([]);
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => vast.destroy('1')));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(100);
    expect(isFailureError(refused[0]?.reason) && refused[0].reason.failure.message).toMatch(/in 1\d\d s\.$/);
  });
});
