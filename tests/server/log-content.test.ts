import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpHarness, LOGGED_IN, startHttpHarness } from './http-harness';

let harness: HttpHarness;
beforeEach(async () => {
  harness = await startHttpHarness();
  harness.logs.set('s1', Buffer.from('0123456789'));
});
afterEach(() => harness.close());

const get = (query = '', method = 'GET') =>
  harness.call(`/api/v1/jobs/j1/steps/s1/log${query}`, { method, headers: LOGGED_IN });

describe('GET /api/v1/jobs/{id}/steps/{stepId}/log', () => {
  it.each([
    ['', '0123456789', 0],
    ['?offset=4', '456789', 4],
    ['?offset=-3', '789', 7],
    ['?offset=-99', '0123456789', 0],
    ['?offset=10', '', 10],
    ['?offset=999', '', 10],
    ['?offset=2&limit=3', '234', 2],
    ['?limit=0', '', 0],
  ])('gives the raw bytes for "%s", with the length of the whole log', async (query, body, offset) => {
    const answer = await get(query);
    expect([answer.status, answer.body.toString()]).toEqual([200, body]);
    expect(answer.headers).toMatchObject({
      'x-log-length': '10',
      'x-log-offset': String(offset),
      'content-length': String(body.length),
    });
  });

  it.each(['?offset=x', '?offset=1.5', '?limit=-1', '?download=yes', '?offset=1e400'])(
    'refuses "%s"',
    async (query) => {
      const answer = await get(query);
      expect([answer.status, JSON.parse(answer.body.toString()).code]).toEqual([400, 'invalid-input']);
    },
  );

  it('streams bytes untouched, piece by piece, and as an attachment when asked', async () => {
    const log = Buffer.from(Array.from({ length: 1_000_003 }, (_, index) => index % 256));
    harness.logs.set('s1', log);
    const answer = await get('?download=1');
    expect(answer.body.equals(log)).toBe(true);
    expect(answer.headers['content-disposition']).toBe('attachment; filename="j1-s1.log"');
    expect((await get('', 'HEAD')).headers['content-length']).toBe('1000003');
  });

  it('is served as text that no browser takes for a page', async () => {
    harness.logs.set('s1', Buffer.from('<script>alert(1)</script>'));
    const { headers } = await get();
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('is not found for an unknown step', async () => {
    const answer = await harness.call('/api/v1/jobs/j1/steps/nope/log', { headers: LOGGED_IN });
    expect(answer.status).toBe(404);
  });
});
