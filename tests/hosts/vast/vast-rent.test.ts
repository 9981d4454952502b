import { describe, expect, it } from 'vitest';
import { isFailureError } from '../../../lib/domain/failure';
import type { RentalOrder, RentalProvider } from '../../../lib/hosts/host-provider';
import { codeOf, failureOf } from '../../support/failure-of';
import type { FakeVast } from '../../support/fake-vast/fake-vast';
import { ANY_OFFER, orderFor, providerOn, vastOnFake } from '../../support/vast-on-fake';

const { start } = vastOnFake();
const LABEL = 'quantdeck:here:rental-1';

const createCalls = (fake: FakeVast) => fake.requests.filter(({ path }) => path.includes('/asks/'));

describe('renting', () => {
  it('says what is wanted as vast takes it', async () => {
    const { fake, vast } = await start();
    await vast.rent(await orderFor(vast, LABEL));
    expect(JSON.parse(createCalls(fake)[0]?.body ?? '')).toEqual({
      client_id: 'me',
      image: 'ubuntu:24.04',
      disk: 20,
      label: LABEL,
      runtype: 'ssh_direct',
      target_state: 'running',
      cancel_unavail: true,
      env: { TZ: 'UTC' },
      onstart: 'touch ~/.no_auto_tmux',
    });
  });

  it.each([
    ['reply-lost', 'found'],
    ['slow', 'found'],
  ] as const)('finds the machine by its label when the answer is lost (%s)', async (kind, how) => {
    const { fake } = await start();
    const vast = providerOn(fake, { timeoutMs: 150 });
    const order = await orderFor(vast, LABEL);
    fake.faults.set([{ kind, match: /asks/, times: 1, delayMs: 400 }]);
    const outcome = await vast.rent(order);
    expect(outcome).toMatchObject({ how, otherInstanceIds: [] });
    expect(fake.world.living().map(({ id }) => String(id))).toEqual([outcome.instanceId]);
    expect(createCalls(fake)).toHaveLength(1);
  });

  it.each(['hang-up', 'server-error', 'malformed', 'web-page', 'refused'] as const)(
    'never asks twice, and does not guess, when nobody knows what happened (%s)',
    async (kind) => {
      const { fake, vast } = await start();
      const order = await orderFor(vast, LABEL);
      fake.faults.set([{ kind, match: /asks/ }]);
      expect(await codeOf(vast.rent(order))).toBe('rental-outcome-unknown');
      expect(createCalls(fake)).toHaveLength(1);
      expect(fake.world.living()).toEqual([]);
    },
  );

  it('does not take a list that fails for one without the machine', async () => {
    const { fake } = await start();
    const vast = providerOn(fake, { timeoutMs: 150 });
    const order = await orderFor(vast, LABEL);
    fake.faults.set([{ kind: 'reply-lost', match: /asks/, times: 1 }]);
    const rented = vast.rent(order);
    const list = { match: /v1\/instances/ };
    while (createCalls(fake).length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    fake.faults.set([{ kind: 'server-error', ...list }]);
    expect(await codeOf(rented)).toBe('rental-outcome-unknown');
    fake.faults.set([]);
    // The dashboard looks again, as after a restart: the same wish, the same machine.
    expect(await providerOn(fake).rent(order)).toMatchObject({ how: 'found' });
    expect(fake.world.living()).toHaveLength(1);
  });

  it('gives back what a refused creation left behind', async () => {
    const { fake, vast } = await start();
    fake.expect('created-stopped');
    expect(await codeOf(vast.rent(await orderFor(vast, LABEL)))).toBe('rental-refused');
    await fake.clock.advance(10_000);
    expect(fake.world.living()).toEqual([]);
    fake.expect('created-stopped');
    const order = await orderFor(vast, LABEL);
    fake.faults.set([{ kind: 'server-error', match: /DELETE/ }]);
    expect(await failureOf(vast.rent(order))).toMatchObject({
      code: 'rental-outcome-unknown',
      evidence: expect.arrayContaining([expect.stringMatching(/instance \d+ was left behind/)]),
    });
  });

  it('does not hide that a machine that was promised never appears', async () => {
    const { fake, vast } = await start();
    fake.expect('never-appears');
    const { instanceId } = await vast.rent(await orderFor(vast, LABEL));
    expect(await vast.find(instanceId)).toBeNull();
    expect(await vast.isGone(instanceId)).toBe(true);
  });

  it('tells no credit, an offer that somebody else took, and bounds of its own', async () => {
    const { fake, vast } = await start();
    const order = await orderFor(vast, LABEL, { mostNanoUsdPerHour: 9_000_000_000 });
    fake.world.account().creditUsd = 0.01;
    expect(await codeOf(vast.rent(order))).toBe('rental-no-credit');
    fake.world.account().creditUsd = 5;
    await vast.rent(order);
    for (const id of [0, 1, 2]) {
      const taken = fake.world.offers.find((offer) => offer.id % 3 === id && !offer.rented);
      // Another client of the same key counts against the same limits.
      await fake.clock.advance(15_000);
      // Between the look and the order.
      const faster: RentalProvider = providerOn(fake, {
        fetch: async (input, init) => {
          const answer = await fetch(input, init);
          if (String(input).includes('bundles') && taken) taken.rented = true;
          return answer;
        },
      });
      expect(await codeOf(faster.rent({ ...order, label: `${LABEL}-${id}`, offerId: String(taken?.id) }))).toBe(
        'rental-offer-gone',
      );
    }
    const wrong: Partial<RentalOrder>[] = [
      { label: '' },
      { label: 'x'.repeat(257) },
      { startScript: 'x'.repeat(4001) },
      { diskGb: 9.5 },
    ];
    for (const change of wrong) expect(await codeOf(vast.rent({ ...order, ...change }))).toBe('invalid-input');
  });

  it('tells two machines of one label, and keeps the first', async () => {
    const { fake, vast } = await start();
    const first = await vast.rent(await orderFor(vast, LABEL));
    const second = await vast.rent(await orderFor(vast, 'quantdeck:here:rental-2'));
    await vast.setLabel(second.instanceId, LABEL);
    expect(await vast.rent(await orderFor(vast, LABEL))).toEqual({
      instanceId: first.instanceId,
      how: 'found',
      otherInstanceIds: [second.instanceId],
    });
    expect(fake.world.living()).toHaveLength(2);
  });

  it('keeps its promises in 12 storms of faults with a dashboard that is killed and started again', async () => {
    const tally = { created: 0, found: 0, refused: 0 };
    for (let seed = 1; seed <= 12; seed += 1) {
      const { fake } = await start({ seed, offerCount: 40 });
      const market = await providerOn(fake).searchOffers(ANY_OFFER);
      const template = await orderFor(providerOn(fake), LABEL);
      fake.faults.storm(seed, 0.4);
      for (let life = 0; life < 4; life += 1) {
        // Each life knows what the one before wrote down: the order with its label, nothing else.
        const vast = providerOn(fake, { timeoutMs: 60 });
        const order = { ...template, offerId: market[life % market.length]?.id ?? template.offerId };
        const known = await vast.rent(order).catch((caught: unknown) => caught);
        if (isFailureError(known)) {
          tally.refused += 1;
          expect(known.failure.code, `seed ${seed}`).toMatch(/^rental-/);
          const isOpen = known.failure.code === 'rental-outcome-unknown' || known.failure.isTransient;
          // A failure that claims that nothing was rented tells the truth.
          if (!isOpen) expect(fake.world.living(), `seed ${seed}: ${known.failure.code}`).toEqual([]);
        } else {
          const { instanceId, how } = known as Awaited<ReturnType<RentalProvider['rent']>>;
          tally[how] += 1;
          expect(
            fake.world.living().map(({ id }) => String(id)),
            `seed ${seed}`,
          ).toEqual([instanceId]);
        }
        expect(fake.world.living().length, `seed ${seed}: rented twice`).toBeLessThanOrEqual(1);
      }
    }
    expect(tally.created).toBeGreaterThan(3);
    expect(tally.found).toBeGreaterThan(10);
    expect(tally.refused).toBeGreaterThan(3);
  });
});
