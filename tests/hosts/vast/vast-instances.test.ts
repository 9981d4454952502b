import { describe, expect, it } from 'vitest';
import { rentalPhaseOf } from '../../../lib/domain/rental-phase';
import type { RentalProvider } from '../../../lib/hosts/host-provider';
import { failureOf } from '../../support/failure-of';
import { PLANTED_SECRET } from '../../support/fake-vast/fake-account-routes';
import { listen, urlOf } from '../../support/fake-vast/fake-http';
import { closeServer, type FakeVast } from '../../support/fake-vast/fake-vast';
import { ANY_OFFER, EXAMPLE_KEY, orderFor, providerOn, vastOnFake } from '../../support/vast-on-fake';

const { start } = vastOnFake();
const UP_MS = 120_000;

async function rentOne(fake: FakeVast, vast: RentalProvider, label = 'quantdeck:here:1'): Promise<string> {
  const { instanceId } = await vast.rent(await orderFor(vast, label));
  await fake.clock.advance(UP_MS);
  return instanceId;
}

describe('offers', () => {
  it('are found beyond the 64 that one answer holds', async () => {
    const { fake, vast } = await start({ offerCount: 600 });
    const offers = await vast.searchOffers({ ...ANY_OFFER, leastDownBitsPerSecond: 0, leastReliability: 0 });
    const wanted = fake.world.offers.filter(
      (offer) =>
        offer.verification === 'verified' &&
        offer.cpu_arch === 'amd64' &&
        offer.direct_port_count >= 1 &&
        offer.disk_space >= ANY_OFFER.diskGb,
    );
    expect(wanted.length).toBeGreaterThan(128);
    expect(new Set(offers.map(({ id }) => id))).toEqual(new Set(wanted.map(({ id }) => String(id))));
    expect(await vast.searchOffers({ ...ANY_OFFER, mostOffers: 7 })).toHaveLength(7);
  });

  it('have our share of the memory, bits instead of megabits, and places that hosts wrote', async () => {
    const { fake, vast } = await start();
    const offers = await vast.searchOffers({ ...ANY_OFFER, countries: ['DE', 'US'] });
    expect(new Set(offers.map(({ country }) => country))).toEqual(new Set(['DE', 'US']));
    const raw = fake.world.offers[0];
    const offer = await vast.findOffer(String(raw?.id), 100);
    expect(offer).toMatchObject({
      downBitsPerSecond: 2_000_000_000,
      upBitsPerSecond: 900_000_000,
      baseNanoUsdPerHour: 50_000_000,
      hasAvx: true,
      isVerified: true,
    });
    expect(offer?.memoryBytes).toBe(Math.floor((raw?.cpu_ram ?? 0) * 1e6 * (raw?.gpu_frac ?? 0)));
    const silent = await vast.findOffer(String(fake.world.offers[2]?.id), 100);
    expect(silent?.memoryBytes).toBe(
      Math.floor((fake.world.offers[2]?.cpu_ram ?? 0) * 1e6 * (fake.world.offers[2]?.gpu_frac ?? 0)),
    );
  });

  it('are searched in what they cost with the disk of the job, and one odd row hides no other', async () => {
    const { fake } = await start();
    const vast = providerOn(fake, {
      fetch: async (input, init) => {
        const { offers } = (await (await fetch(input, init)).json()) as { offers: object[] };
        const odd = [null, 7, { id: 1 }, { ...offers[0], dph_base: 'free' }, { ...offers[0], storage_cost: 1e300 }];
        return Response.json({ offers: [...odd, ...offers] });
      },
    });
    expect((await vast.searchOffers({ ...ANY_OFFER, diskGb: 321 })).length).toBeGreaterThan(3);
    expect(JSON.parse(fake.requests[0]?.body ?? '')).toMatchObject({
      allocated_storage: 321,
      disk_space: { gte: 321 },
      inet_down: { gte: 500 },
      order: [['dph_total', 'asc']],
    });
  });
});

describe('the list of instances', () => {
  it('is whole over several pages, and a failure as soon as one page is', async () => {
    const { fake, vast } = await start({ creditUsd: 1000 });
    fake.limiter.isOff = true;
    const order = await orderFor(vast, 'quantdeck:here:0', { mostNanoUsdPerHour: 9_000_000_000 });
    const offers = await vast.searchOffers({ ...ANY_OFFER, leastDownBitsPerSecond: 0, leastReliability: 0 });
    for (const [at, { id }] of offers.slice(0, 55).entries()) {
      await vast.rent({ ...order, offerId: id, label: `quantdeck:here:${at}` });
    }
    const { instances, readAtMs } = await vast.list();
    expect(new Set(instances.map(({ label }) => label)).size).toBe(55);
    expect(readAtMs).toBeLessThanOrEqual(fake.clock.nowMs());
    const pages = fake.requests.filter(({ path }) => path.startsWith('/api/v1/instances/?limit=25&after_token'));
    expect(pages).toHaveLength(2);
    for (const kind of ['server-error', 'malformed', 'web-page', 'refused'] as const) {
      fake.faults.set([{ kind, match: /GET/, probability: 0.99 }]);
      expect((await failureOf(vast.list())).code).toMatch(/^rental-(unreachable|answer-invalid|refused)$/);
    }
  });

  it.each([
    ['no list', '{"success":true}'],
    ['an empty object for a list', '{"success":true,"instances":{}}'],
    ['a row without an id', '{"success":true,"instances":[{"label":"x"}]}'],
    ['an end that never comes', '{"success":true,"instances":[],"next_token":"again"}'],
  ])('is never empty because of %s', async (_what, body) => {
    const { fake } = await start();
    const vast = providerOn(fake, { fetch: () => Promise.resolve(new Response(body)) });
    expect(await failureOf(vast.list())).toMatchObject({ code: 'rental-answer-invalid' });
  });
});

describe('one instance', () => {
  it('has its address from the list when the answer by its id has none', async () => {
    const { fake, vast } = await start();
    const id = await rentOne(fake, vast);
    fake.world.hasPortsById = false;
    const { publicIp, hostPort } = fake.instance(id);
    expect((await vast.find(id))?.endpoints[0]).toEqual({
      kind: 'direct',
      host: publicIp,
      port: hostPort,
      user: 'root',
    });
    expect(fake.requests.some(({ path }) => path.includes('select_filters'))).toBe(true);
  });

  it('is at another address after a stop and a start, and at none in between', async () => {
    const { fake, vast } = await start();
    fake.world.movesOnStart = true;
    const id = await rentOne(fake, vast);
    const before = (await vast.find(id))?.endpoints[0];
    await vast.stop(id);
    expect(rentalPhaseOf(await vast.find(id), null)).toBe('stopping');
    await fake.clock.advance(10_000);
    expect((await vast.find(id))?.endpoints).toEqual([]);
    await vast.start(id);
    const starting = await vast.find(id);
    expect(starting?.actualStatus).toBe('exited');
    expect([rentalPhaseOf(starting, 0), rentalPhaseOf(starting, null)]).toEqual(['starting-again', 'exited']);
    await fake.clock.advance(UP_MS);
    const after = (await vast.find(id))?.endpoints[0];
    expect(after?.host).not.toBe(before?.host);
    expect(after?.port).not.toBe(before?.port);
  });

  it('whose GPU is taken is not left to start whenever it likes', async () => {
    const { fake, vast } = await start();
    const id = await rentOne(fake, vast);
    await vast.stop(id);
    await fake.clock.advance(10_000);
    fake.takeGpu(id);
    expect(await failureOf(vast.start(id))).toMatchObject({ code: 'rental-start-queued', isTransient: true });
    await fake.freeGpu(id);
    await fake.clock.advance(UP_MS);
    expect(rentalPhaseOf(await vast.find(id), null)).toBe('stopped');
    fake.takeGpu(id);
    fake.faults.set([{ kind: 'server-error', match: /PUT .*instances\/\d+\/$/, probability: 1 }]);
    const failing = providerOn(fake, {
      fetch: (input, init) => {
        if (String(init?.body).includes('running')) fake.faults.set([]);
        return fetch(input, init).finally(() => fake.faults.set([{ kind: 'server-error', match: /PUT/ }]));
      },
    });
    expect(await failureOf(failing.start(id))).toMatchObject({
      code: 'rental-start-queued',
      message: expect.stringContaining('could not be taken back'),
      isTransient: false,
    });
  });

  it.each([
    ['image-missing', 'broken'],
    ['disk-full', 'broken'],
    ['loads-forever', 'loading'],
    ['exits', 'exited'],
    ['goes-offline', 'offline'],
    ['falls-silent', 'silent'],
  ] as const)('that is %s ends as %s', async (scenario, phase) => {
    const { fake, vast } = await start();
    fake.expect(scenario);
    const id = await rentOne(fake, vast);
    expect(rentalPhaseOf(await vast.find(id), UP_MS * 10)).toBe(phase);
  });

  it('draws gaps for zeros, counts traffic in bytes, and shows no figure that is not there', async () => {
    const { fake, vast } = await start();
    const id = await rentOne(fake, vast);
    fake.addTraffic(id, 5_000_000_000, 2_000_000_000);
    const reads = [await vast.find(id), await vast.find(id)];
    expect(reads.map((read) => read?.gauges.gpuUtilizationPercent).sort()).toEqual([3, null]);
    expect(reads[0]).toMatchObject({ downBilledBytes: 5_030_000_000, upBilledBytes: 2_000_000_000, diskBytes: 20e9 });
    await vast.stop(id);
    await fake.clock.advance(10_000);
    expect(await vast.find(id)).toMatchObject({ diskUsedBytes: null, gauges: { gpuTemperatureCelsius: null } });
  });

  it('is not gone while any answer still shows it', async () => {
    const { fake, vast } = await start();
    const id = await rentOne(fake, vast);
    await vast.destroy(id);
    expect(await vast.isGone(id)).toBe(false);
    for (const instance of fake.world.living()) instance.isDestroying = true;
    let seen = 0;
    while (!(await vast.isGone(id))) {
      seen += 1;
      expect(seen).toBeLessThan(20);
    }
    expect(await vast.find(id)).toBeNull();
    fake.faults.set([{ kind: 'server-error', match: /v1/ }]);
    expect((await failureOf(vast.isGone(id))).code).toBe('rental-unreachable');
  });
});

describe('money', () => {
  it('runs out: machines are stopped, and the bill agrees with the credit to a billionth', async () => {
    const { fake, vast } = await start({ creditUsd: 0.1 });
    const id = await rentOne(fake, vast);
    fake.addTraffic(id, 1e9, 1e9);
    const fromMs = fake.clock.nowMs() - 86_400_000;
    await fake.clock.advance(20 * 3_600_000);
    expect(rentalPhaseOf(await vast.find(id), null)).toBe('stopped');
    const { creditNanoUsd, spentNanoUsd } = await vast.account();
    expect(creditNanoUsd).toBeLessThanOrEqual(0);
    const charges = await vast.charges(fromMs, fake.clock.nowMs());
    expect(charges.length).toBeGreaterThanOrEqual(1);
    const total = charges.reduce((sum, charge) => sum + charge.totalNanoUsd, 0);
    expect(Math.abs(total - (spentNanoUsd ?? 0))).toBeLessThan(10);
    expect(Math.abs(total + creditNanoUsd - 100_000_000)).toBeLessThan(10);
    for (const charge of charges) {
      const parts = charge.computeNanoUsd + charge.diskNanoUsd + charge.downloadNanoUsd + charge.uploadNanoUsd;
      expect(Math.abs(charge.totalNanoUsd - parts)).toBeLessThan(5);
      expect(charge).toMatchObject({ instanceId: id, label: 'quantdeck:here:1' });
    }
  });

  it('has a list of charges that is a failure as soon as it begins to repeat itself', async () => {
    const { fake } = await start();
    let asked = 0;
    const vast = providerOn(fake, {
      fetch: () => {
        asked += 1;
        return Promise.resolve(new Response('{"success":true,"results":[],"next_token":7}'));
      },
    });
    expect(await failureOf(vast.charges(0, 1))).toMatchObject({ code: 'rental-answer-invalid' });
    expect(asked).toBe(2);
  });

  it('is billed for the disk alone while it loads and while it is off', async () => {
    const { fake, vast } = await start({ timeline: { loadMs: 3_600_000 } });
    const { instanceId } = await vast.rent(await orderFor(vast, 'quantdeck:here:1'));
    await fake.clock.advance(3_600_000);
    const found = await vast.find(instanceId);
    expect(found?.actualStatus).toBe('loading');
    const hour = fake.instance(instanceId).meter;
    expect(hour.gpuUsd).toBe(0);
    expect(hour.diskUsd * 1e9).toBeGreaterThan((found?.storageNanoUsdPerHour ?? 0) * 0.99);
  });
});

describe('secrets', () => {
  it('never come out of the adapter: planted tokens, keys of instances, our own environment', async () => {
    const { fake, vast } = await start();
    const planted = 'planted-environment-secret';
    const { instanceId } = await vast.rent(
      await orderFor(vast, 'quantdeck:here:1', {
        environment: { HF_TOKEN: planted },
        startScript: 'true # hidden-script',
      }),
    );
    await fake.clock.advance(UP_MS);
    await vast.addAccountKey(EXAMPLE_KEY);
    const out = JSON.stringify([
      await vast.list(),
      await vast.find(instanceId),
      await vast.account(),
      await vast.accountKeys(),
      await vast.charges(0, fake.clock.nowMs()),
      await vast.readLog(instanceId, 10),
    ]);
    const { apiKey, jupyterToken } = fake.instance(instanceId);
    for (const secret of [planted, 'hidden-script', PLANTED_SECRET, apiKey, jupyterToken, fake.key]) {
      expect(out).not.toContain(secret);
    }
    // They were there to be let out.
    const raw = await fetch(`${fake.url}/api/v0/instances/${instanceId}/`, {
      headers: { authorization: `Bearer ${fake.key}` },
    });
    expect(await raw.text()).toMatch(new RegExp(`${planted}.*${jupyterToken}`));
  });

  it('are not sent along to where logs lie, nor anywhere that an answer names', async () => {
    const { fake, vast } = await start();
    const id = await rentOne(fake, vast);
    expect(await vast.readLog(id, 50)).toContain('success, running');
    expect(fake.violations).toEqual([]);
    for (const address of [
      'http://169.254.169.254/latest',
      'https://evil.example/x',
      'file:///etc/passwd',
      'nonsense',
    ]) {
      const asked: string[] = [];
      const led = providerOn(fake, {
        fetch: (input) => {
          asked.push(String(input));
          return Promise.resolve(Response.json({ success: true, result_url: address }));
        },
      });
      expect((await failureOf(led.readLog(id, 5))).code).toBe('rental-answer-invalid');
      expect(asked.filter((url) => !url.startsWith(fake.url))).toEqual([]);
    }
  });

  it.each([
    ['https://s3.example.com/log', true],
    ['http://s3.example.com/log', false],
    ['https://169.254.169.254/log', false],
    ['https://2130706433/log', false],
    ['https://[::1]/log', false],
    ['https://localhost/log', false],
  ])('go to vast.ai alone, which may name a log at %s: %s', async (address, isOpened) => {
    const { fake } = await start();
    const asked: RequestInit[] = [];
    const vast = providerOn(fake, {
      url: undefined,
      apiKey: 'f'.repeat(64),
      fetch: (input, init) => {
        if (String(input).startsWith('https://console.vast.ai/')) {
          return Promise.resolve(Response.json({ success: true, result_url: address }));
        }
        asked.push(init ?? {});
        return Promise.resolve(new Response('a line'));
      },
    });
    expect(await vast.readLog('1', 5).catch(() => null)).toBe(isOpened ? 'a line' : null);
    expect(asked.map(({ headers }) => headers)).toEqual(isOpened ? [undefined] : []);
  });

  it('do not follow a redirect: neither the key nor what was asked goes elsewhere', async () => {
    const { fake } = await start();
    const arrived: string[] = [];
    const elsewhere = await listen(0, async (request, response) => {
      arrived.push(request.url ?? '');
      response.end('{"success":true}');
    });
    const front = await listen(0, async (_request, response) => {
      response.writeHead(308, { location: `${urlOf(elsewhere)}/` }).end();
    });
    const failure = await failureOf(providerOn(fake, { url: urlOf(front) }).setLabel('1', 'secret-label'));
    await Promise.all([front, elsewhere].map(closeServer));
    expect(failure.code).toBe('rental-answer-invalid');
    expect(arrived).toEqual([]);
  });

  it('are nowhere in a failure either, whatever the request was', async () => {
    const { fake, vast } = await start();
    const id = await rentOne(fake, vast);
    for (const kind of ['server-error', 'malformed', 'web-page', 'refused', 'hang-up', 'rate-limit-text'] as const) {
      fake.faults.set([{ kind }]);
      for (const work of [() => vast.find(id), () => vast.account(), () => vast.stop(id), () => vast.readLog(id, 1)]) {
        const error = (await work().catch((caught: unknown) => caught)) as Error;
        const text = `${error.stack} ${JSON.stringify(error)} ${JSON.stringify(error.cause)} ${String(error.cause)}`;
        expect(text).not.toContain(fake.key);
        expect(text).not.toContain(fake.instance(id).apiKey);
      }
    }
  });
});
