import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUpgradeFilter, isSocketPath } from '../../lib/server/http-router';
import { type HttpHarness, LOGGED_IN, startHttpHarness } from './http-harness';

let harness: HttpHarness;
beforeEach(async () => {
  harness = await startHttpHarness();
});
afterEach(() => harness.close());

const READER = { authorization: 'Bearer qd_reads_reads_reads_reads' };
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const PATHS = ['/', '/api/v1/jobs', '/api/v1/artifacts/a/content', '/api/v1/jobs/j/steps/s/log'];

describe('every request', () => {
  it.each(['evil.example', 'evil.example:3000', 'localhost.evil.example', '127.0.0.1:1', '127.0.0.1.', 'a@127.0.0.1'])(
    'with the Host "%s" is misdirected (DNS rebinding), session or not',
    async (host) => {
      for (const path of PATHS) {
        const answer = await harness.call(path, { headers: { host, ...LOGGED_IN } });
        expect([path, answer.status]).toEqual([path, 421]);
      }
      expect(harness.passedOn).toEqual([]);
    },
  );

  it.each(['GET / HTTP/1.0\r\n\r\n', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'])(
    'without a Host is misdirected too: %j',
    async (text) => {
      const socket = connect(harness.port, '127.0.0.1', () => socket.write(text));
      const [head] = await once(socket, 'data');
      socket.destroy();
      expect(String(head)).toMatch(/^HTTP\/1\.1 421 /);
      expect(harness.passedOn).toEqual([]);
    },
  );

  it('reaches Next under our own names, by IP address and by public name', async () => {
    expect((await harness.call('/')).body.toString()).toBe('page');
    expect((await harness.call('/', { headers: { host: 'deck.example' } })).status).toBe(200);
    expect((await harness.call('/', { headers: { host: 'deck.example:443' } })).status).toBe(200);
  });

  it.each(METHODS)('%s is refused from a foreign, null or missing Origin, on every path', async (method) => {
    for (const path of PATHS) {
      for (const origin of ['https://evil.example', 'null', `${harness.origin}.evil.example`, undefined]) {
        const answer = await harness.call(path, { method, headers: { ...LOGGED_IN, ...(origin ? { origin } : {}) } });
        expect([path, origin, answer.status]).toEqual([path, origin, 403]);
        expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'origin-refused', status: 403 });
      }
    }
    expect(harness.passedOn).toEqual([]);
  });

  it('that changes something passes with our Origin, or with a valid token and no Origin at all', async () => {
    expect((await harness.call('/', { method: 'POST', headers: { origin: harness.origin } })).status).toBe(200);
    expect((await harness.call('/', { method: 'POST', headers: { origin: 'https://deck.example' } })).status).toBe(200);
    expect((await harness.call('/api/v1/jobs', { method: 'POST', headers: READER })).status).toBe(200);
  });

  it.each(['Bearer qd_unknown_unknown_unknown', 'Bearer nonsense', 'bearer  '])(
    'with the authorization "%s" does not get around the Origin check',
    async (authorization) => {
      const answer = await harness.call('/api/v1/jobs', { method: 'POST', headers: { authorization, ...LOGGED_IN } });
      expect([401, 403]).toContain(answer.status);
      expect(harness.passedOn).toEqual([]);
    },
  );

  it('gives nothing away by address: forwarded headers change nothing', async () => {
    const headers = { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', 'x-forwarded-host': 'deck.example' };
    expect((await harness.call('/api/v1/artifacts/a/content', { headers })).status).toBe(401);
    expect((await harness.call('/', { headers: { ...headers, host: 'evil.example' } })).status).toBe(421);
  });

  it('carries a fresh nonce to Next and the same one in the answer, whatever the client claims', async () => {
    const forged = {
      'x-nonce': 'forged',
      'content-security-policy': "script-src 'nonce-forged'",
      'x-middleware-subrequest': 'middleware',
    };
    const [one, two] = [await harness.call('/', { headers: forged }), await harness.call('/', { headers: forged })];
    const [first, second] = harness.passedOn;
    const nonce = String(first?.['x-nonce']);
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(nonce).not.toBe(second?.['x-nonce']);
    expect(one.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
    expect(one.headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
    expect(two.headers['content-security-policy']).toContain(String(second?.['x-nonce']));
    expect(first?.['content-security-policy']).toBe(one.headers['content-security-policy']);
    expect(first?.['x-middleware-subrequest']).toBeUndefined();
  });

  it.each(['/', '/api/v1/artifacts/a/content', '/boom'])('is answered with the security headers: %s', async (path) => {
    const { headers } = await harness.call(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('that breaks something inside says 500 and no more, and the log holds no cookie', async () => {
    const answer = await harness.call('/boom', { headers: { cookie: 'quantdeck_session=good' } });
    expect(answer.status).toBe(500);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body.toString()).not.toContain('secret of the inside');
    expect(harness.lines.join('')).toContain('a request failed');
    expect(harness.lines.join('')).not.toContain('session=good');
  });
});

describe('byte streams', () => {
  it.each(['/api/v1/artifacts/a/content', '/api/v1/jobs/j/steps/s/log'])(
    'need a session or a token that may read: %s',
    async (path) => {
      const status = async (headers: Record<string, string>) => (await harness.call(path, { headers })).status;
      expect(await status({})).toBe(401);
      expect(await status({ cookie: 'quantdeck_session=bad' })).toBe(401);
      expect(await status({ authorization: 'Bearer qd_unknown_unknown_unknown' })).toBe(401);
      expect(await status({ authorization: 'Bearer qd_unknown_unknown_unknown', ...LOGGED_IN })).toBe(401);
      expect(await status({ authorization: 'Bearer qd_writes_writes_writes_wr' })).toBe(403);
      expect(await status(READER)).toBe(404);
      expect(await status(LOGGED_IN)).toBe(404);
    },
  );

  it.each([
    '/api/v1/artifacts/..%2f..%2fetc%2fpasswd/content',
    '/api/v1/artifacts/%252e%252e/content',
    '/api/v1/artifacts/../../etc/passwd/content',
    '/api/v1/artifacts/a%00b/content',
    '/api/v1/artifacts/..\\..\\x/content',
    '//api/v1/artifacts/a/content',
  ])('are never looked up by a path: %s goes to Next as any unknown page', async (path) => {
    await harness.call(path, { headers: LOGGED_IN });
    expect(harness.passedOn).toHaveLength(1);
  });
});

describe('the live path', () => {
  it('is /ws and what is below it, nothing that only begins like it', () => {
    expect(['/ws', '/ws/', '/ws/?EIO=4', '/ws?x'].every(isSocketPath)).toBe(true);
    expect(['/wsx', '/', '/api/ws', '/ws.js'].some(isSocketPath)).toBe(false);
  });

  it('is the only upgrade that is left alone in production; in development also an allowed one', () => {
    const tryUpgrade = (url: string, isDev: boolean, isAllowed: boolean) => {
      const written: string[] = [];
      const socket = Object.assign(new EventEmitter(), { end: (text: string) => written.push(text) });
      createUpgradeFilter({ isDev, isAllowed: () => isAllowed })({ url } as never, socket as never);
      return written.length === 0 ? 'left alone' : written[0]?.slice(9, 12);
    };
    expect(tryUpgrade('/ws/?EIO=4', false, false)).toBe('left alone');
    expect(tryUpgrade('/_next/hmr', false, true)).toBe('404');
    expect(tryUpgrade('/_next/hmr', true, true)).toBe('left alone');
    expect(tryUpgrade('/_next/hmr', true, false)).toBe('404');
  });
});
