import { describe, expect, it } from 'vitest';
import { nanoUsdOf } from '../../../lib/domain/money';
import type { FakeVast } from '../../support/fake-vast/fake-vast';
import { EXAMPLE_KEY, vastOnFake } from '../../support/vast-on-fake';

const { start } = vastOnFake();

/** A client that knows nothing, so that the fake is looked at and not our adapter. */
async function call(
  fake: FakeVast,
  method: string,
  path: string,
  options: { key?: string | null; body?: unknown } = {},
) {
  fake.limiter.isOff = true;
  const key = options.key === undefined ? fake.key : options.key;
  const response = await fetch(`${fake.url}${path}`, {
    method,
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const ORDER = { image: 'ubuntu:24.04', disk: 20, label: 'mine', env: {} };

describe('the fake vast.ai, by what was seen of the real one', () => {
  it('answers 403 without a key, 404 for a wrong one, and searches for anybody', async () => {
    const { fake } = await start();
    expect(await call(fake, 'GET', '/api/v0/users/current/', { key: null })).toMatchObject({
      status: 403,
      body: { error: 'auth_error', msg: 'This action requires login.' },
    });
    expect(await call(fake, 'GET', '/api/v0/users/current/', { key: 'nobody' })).toMatchObject({
      status: 404,
      body: { error: 'auth_error', msg: 'Invalid user key' },
    });
    expect((await call(fake, 'POST', '/api/v0/bundles/', { key: null, body: {} })).status).toBe(200);
  });

  it('no longer lists under v0', async () => {
    const { fake } = await start();
    expect(await call(fake, 'GET', '/api/v0/instances/')).toMatchObject({
      status: 410,
      body: { error: 'deprecated_endpoint' },
    });
  });

  it('counts requests by key, method and route, and makes a hasty creation wait longer', async () => {
    const { fake } = await start();
    fake.limiter.isOff = false;
    const get = (key = fake.key) =>
      fetch(`${fake.url}/api/v1/instances/`, { headers: { authorization: `Bearer ${key}` } }).then(
        ({ status }) => status,
      );
    expect([await get(), await get(), await get('vast-test-read-only-0123456789')]).toEqual([200, 429, 200]);
    await fake.clock.advance(1000);
    expect(await get()).toBe(200);
    const put = () =>
      fetch(`${fake.url}/api/v0/asks/1/`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${fake.key}` },
        body: JSON.stringify(ORDER),
      });
    await put();
    const hasty = await put();
    expect([hasty.status, hasty.headers.get('content-type'), await hasty.text()]).toEqual([
      429,
      'text/plain',
      'API requests too frequent: endpoint threshold=4.5',
    ]);
    await fake.clock.advance(11_000);
    expect((await put()).status).toBe(429);
    await fake.clock.advance(12_000);
    expect((await put()).status).not.toBe(429);
  });

  it('filters with its operators, prices with the disk asked for, gives 64 at the most and none for an id', async () => {
    const { fake } = await start();
    const search = async (body: object) =>
      (await call(fake, 'POST', '/api/v0/bundles/', { body })).body['offers'] as Record<string, number>[];
    expect(await search({ limit: 3000 })).toHaveLength(64);
    const [offer] = await search({ allocated_storage: 720, order: [['dph_total', 'asc']] });
    expect(nanoUsdOf(offer?.['dph_total'] ?? 0)).toBe(
      nanoUsdOf((offer?.['dph_base'] ?? 0) + (offer?.['storage_cost'] ?? 0)),
    );
    expect(await search({ id: { eq: offer?.['id'] } })).toEqual([]);
    expect(await search({ ask_contract_id: { eq: offer?.['id'] } })).toHaveLength(1);
    const fast = await search({ inet_down: { gte: 1000 }, verified: { eq: true }, geolocation: { in: ['US'] } });
    expect(fast.length).toBeGreaterThan(0);
    expect(fast.every((each) => Number(each['inet_down']) >= 1000)).toBe(true);
    expect(fast.every((each) => !('verified' in each))).toBe(true);
    expect(await call(fake, 'POST', '/api/v0/bundles/', { body: { inet_down: { above: 1 } } })).toMatchObject({
      status: 400,
      body: { msg: 'above is not a valid search op' },
    });
    fake.world.ignoredFilter = 'inet_down';
    expect((await search({ inet_down: { gte: 1e9 } })).length).toBeGreaterThan(0);
  });

  it('refuses creations that the real one refuses, in its words', async () => {
    const { fake } = await start();
    const create = (body: object) => call(fake, 'PUT', `/api/v0/asks/${fake.world.offers[0]?.id}/`, { body });
    for (const wrong of [
      { env: '-e A=1' },
      { image: 'x'.repeat(1025) },
      { onstart: 'x'.repeat(16_385) },
      { disk: 7 },
    ]) {
      expect((await create({ ...ORDER, ...wrong })).body).toMatchObject({ success: false, error: 'invalid_args' });
    }
    const created = await create(ORDER);
    expect(created.body).toMatchObject({ success: true, instance_api_key: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(created.body['new_contract']).not.toBe(fake.world.offers[0]?.id);
    expect((await create(ORDER)).body['msg']).toContain('no_such_ask');
  });

  it("gives an instance's own key that instance and nothing else", async () => {
    const { fake } = await start();
    const create = async (at: number) =>
      (await call(fake, 'PUT', `/api/v0/asks/${fake.world.offers[at]?.id}/`, { body: ORDER })).body;
    const [one, other] = [await create(0), await create(1)];
    const key = String(one['instance_api_key']);
    const path = (row: Record<string, unknown>) => `/api/v0/instances/${row['new_contract']}/`;
    expect((await call(fake, 'GET', path(one), { key })).status).toBe(200);
    expect((await call(fake, 'GET', path(other), { key })).status).toBe(404);
    expect((await call(fake, 'GET', '/api/v0/users/current/', { key })).status).toBe(404);
    expect((await call(fake, 'PUT', path(one), { key, body: { state: 'stopped' } })).body).toEqual({ success: true });
  });

  it('comes up in its order: nothing, created, loading, running without ports, running with them', async () => {
    const { fake } = await start();
    const { body } = await call(fake, 'PUT', `/api/v0/asks/${fake.world.offers[0]?.id}/`, { body: ORDER });
    const seen: string[] = [];
    for (let second = 0; second < 60; second += 1) {
      const answer = await call(fake, 'GET', `/api/v0/instances/${body['new_contract']}/`);
      const row = answer.body['instances'] as { actual_status: string | null; ports: object | null };
      const words = `${row.actual_status}${row.ports ? ' with ports' : ''}`;
      if (seen.at(-1) !== words) seen.push(words);
      await fake.clock.advance(1000);
    }
    expect(seen).toEqual(['null', 'created', 'loading', 'running', 'running with ports']);
  });

  it('destroys in two steps, and forgets it in lists later than by its id', async () => {
    const { fake } = await start();
    const { body } = await call(fake, 'PUT', `/api/v0/asks/${fake.world.offers[0]?.id}/`, { body: ORDER });
    const path = `/api/v0/instances/${body['new_contract']}/`;
    expect((await call(fake, 'DELETE', path)).body['success']).toBe(true);
    const shown = async () => [
      (await call(fake, 'GET', path)).body['instances'] !== null,
      ((await call(fake, 'GET', '/api/v1/instances/')).body['instances'] as object[]).length > 0,
    ];
    expect(await shown()).toEqual([true, true]);
    await fake.clock.advance(5000);
    expect(await shown()).toEqual([false, true]);
    await fake.clock.advance(5000);
    expect(await shown()).toEqual([false, false]);
    expect(await call(fake, 'DELETE', path)).toMatchObject({ status: 404, body: { error: 'no_such_instance' } });
  });

  it('pages lists by a token, refuses one that it did not give, and filters only what it stores', async () => {
    const { fake } = await start();
    for (let at = 0; at < 30; at += 1) {
      await call(fake, 'PUT', `/api/v0/asks/${fake.world.offers[at]?.id}/`, { body: ORDER });
    }
    const first = (await call(fake, 'GET', '/api/v1/instances/?limit=500')).body;
    expect(first['instances']).toHaveLength(25);
    const second = (await call(fake, 'GET', `/api/v1/instances/?after_token=${first['next_token']}`)).body;
    expect(second).toMatchObject({ next_token: null, total_instances: 30 });
    expect(second['instances']).toHaveLength(5);
    expect(await call(fake, 'GET', '/api/v1/instances/?after_token=x')).toMatchObject({
      status: 400,
      body: { error: 'invalid_token' },
    });
    const filter = encodeURIComponent(JSON.stringify({ dph_total: { eq: 1 } }));
    expect((await call(fake, 'GET', `/api/v1/instances/?select_filters=${filter}`)).status).toBe(400);
  });

  it('has its own ways with ssh keys: 404 for none, times as fractions, a list inside of a text, duplicates refused', async () => {
    const { fake } = await start();
    expect((await call(fake, 'GET', '/api/v0/ssh/')).status).toBe(404);
    const added = await call(fake, 'POST', '/api/v0/ssh/', { body: { ssh_key: EXAMPLE_KEY } });
    expect((added.body['key'] as { created_at: number }).created_at % 1).not.toBe(0);
    const { body } = await call(fake, 'PUT', `/api/v0/asks/${fake.world.offers[0]?.id}/`, { body: ORDER });
    const path = `/api/v0/instances/${body['new_contract']}/ssh/`;
    expect(JSON.parse(String((await call(fake, 'GET', path)).body['ssh_keys']))).toMatchObject([
      { public_key: EXAMPLE_KEY },
    ]);
    expect(await call(fake, 'POST', path, { body: { ssh_key: EXAMPLE_KEY } })).toMatchObject({ status: 400 });
  });

  it('is the same for the same seed', async () => {
    const markets = await Promise.all([start({ seed: 7 }), start({ seed: 7 }), start({ seed: 8 })]);
    const [a, b, c] = markets.map(({ fake }) => fake.world.offers.map(({ dph_base, id }) => [id, dph_base]));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });
});
