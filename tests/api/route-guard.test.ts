import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { answer, found, route } from '../../app/api/_http/api-route';
import { readBody } from '../../app/api/_http/read-input';
import { FailureError } from '../../lib/domain/failure';
import { type ApiHarness, context, ORIGIN, openApi, READ_TOKEN, request, SESSION, WRITE_TOKEN } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
afterEach(() => vi.restoreAllMocks());

const read = route('read', async ({ caller }) => answer({ kind: caller?.kind }));
const write = route('write', async ({ caller }) => answer({ kind: caller?.kind }));
const none = context({});

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return {
    status: response.status,
    ...((await response.json()) as { code: string; detail: string; evidence: string[]; remedy: string }),
  };
}

describe('a route', () => {
  it('refuses a stranger with 401 and says how to get in', async () => {
    const response = await read(request('/x'), none);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(await problemOf(response)).toMatchObject({
      status: 401,
      code: 'unauthenticated',
      remedy: expect.stringContaining('Authorization'),
    });
  });

  it('lets a token in that has the scope, and no other', async () => {
    expect(await (await read(request('/x', { token: READ_TOKEN }), none)).json()).toEqual({ kind: 'token' });
    expect(await (await write(request('/x', { method: 'POST', token: WRITE_TOKEN }), none)).json()).toEqual({
      kind: 'token',
    });
    expect(await problemOf(await write(request('/x', { method: 'POST', token: READ_TOKEN }), none))).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
  });

  it('refuses a wrong token even beside a good session', async () => {
    const response = await read(request('/x', { token: 'qd_wrong_0123456789abcdef01234567', cookie: SESSION }), none);
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('refuses a revoked token', async () => {
    await api.client.apiToken.update({ where: { id: 't1' }, data: { revokedAt: new Date() } });
    expect((await read(request('/x', { token: READ_TOKEN }), none)).status).toBe(401);
    await api.client.apiToken.update({ where: { id: 't1' }, data: { revokedAt: null } });
    expect((await read(request('/x', { token: READ_TOKEN }), none)).status).toBe(200);
  });

  it('lets a session read from anywhere, but change only from our own pages', async () => {
    expect((await read(request('/x', { cookie: SESSION }), none)).status).toBe(200);
    expect((await write(request('/x', { method: 'POST', cookie: SESSION, origin: ORIGIN }), none)).status).toBe(200);
    for (const origin of ['http://evil.example', 'null', undefined]) {
      const response = await write(request('/x', { method: 'POST', cookie: SESSION, ...(origin && { origin }) }), none);
      expect(await problemOf(response)).toMatchObject({ status: 403, code: 'origin-refused' });
    }
  });

  it('refuses an unknown session', async () => {
    expect((await read(request('/x', { cookie: 'not-a-session-0123456789abcdef0123' }), none)).status).toBe(401);
  });

  it('works where the path has no variable part: Next then gives no params at all', async () => {
    const nextContext = { params: Promise.resolve(undefined as unknown as Record<never, string>) };
    expect((await read(request('/x', { token: READ_TOKEN }), nextContext)).status).toBe(200);
  });

  it('asks who it is before it looks at anything else', async () => {
    const withId = route<{ id: string }>('read', async () => answer({}));
    expect((await withId(request('/x'), context({ id: '../../etc/passwd' }))).status).toBe(401);
    expect((await withId(request('/x', { token: READ_TOKEN }), context({ id: '../../etc/passwd' }))).status).toBe(404);
  });

  it('answers with the failure that was thrown', async () => {
    const failing = route('none', async () => {
      throw new FailureError('conflict', 'The job is still running.', {
        remedy: 'Cancel it first.',
        evidence: ['step 3 of 9'],
      });
    });
    expect(await problemOf(await failing(request('/x'), none))).toMatchObject({
      status: 409,
      code: 'conflict',
      detail: 'The job is still running.',
      remedy: 'Cancel it first.',
      evidence: ['step 3 of 9'],
      type: 'urn:quantdeck:failure:conflict',
      instance: '/x',
    });
  });

  it('tells nothing of its insides when it breaks, and logs them', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = route('none', async () => {
      throw new Error('SELECT secret FROM /home/someone/data.db');
    });
    const response = await broken(request('/x'), none);
    const text = await response.clone().text();
    expect(text).not.toContain('SELECT');
    expect(text).not.toContain('/home');
    expect(await problemOf(response)).toMatchObject({ status: 500, code: 'internal', evidence: [] });
    expect(String(logged.mock.calls[0]?.[1])).toContain('SELECT secret');
  });

  it('turns a missing row into 404 with its name', async () => {
    const missing = route('none', async () => answer(found(null, 'job')));
    expect(await problemOf(await missing(request('/x'), none))).toMatchObject({
      status: 404,
      code: 'not-found',
      detail: 'There is no job with this id.',
    });
  });

  it('is kept by no cache', async () => {
    expect((await read(request('/x', { token: READ_TOKEN }), none)).headers.get('cache-control')).toBe('no-store');
  });
});

describe('a body', () => {
  const echo = route('none', async ({ request: given }) =>
    answer(await readBody(given, z.object({ port: z.number().min(1), name: z.string() }))),
  );

  it('is handed on when it is as described', async () => {
    expect(await (await echo(request('/x', { body: { port: 22, name: 'a' } }), none)).json()).toEqual({
      port: 22,
      name: 'a',
    });
  });

  it('is refused with one line for each field that is wrong', async () => {
    const problem = await problemOf(await echo(request('/x', { body: { port: 0 } }), none));
    expect(problem).toMatchObject({ status: 400, code: 'invalid-input' });
    expect(problem.evidence.map((line) => line.split(':')[0])).toEqual(['port', 'name']);
  });

  it('is refused when it is not JSON', async () => {
    expect(await problemOf(await echo(request('/x', { body: '{"port":' }), none))).toMatchObject({
      status: 400,
      detail: 'The body is not valid JSON.',
    });
  });

  it('is refused when it comes as a form could send it', async () => {
    const response = await echo(request('/x', { body: '{"port":22,"name":"a"}', contentType: 'text/plain' }), none);
    expect(await problemOf(response)).toMatchObject({
      status: 415,
      code: 'body-not-json',
      detail: 'The body must be JSON.',
    });
  });

  it('is refused when it is too large', async () => {
    const response = await echo(request('/x', { body: { port: 22, name: 'x'.repeat(300_000) } }), none);
    expect(await problemOf(response)).toMatchObject({
      status: 413,
      code: 'body-too-large',
      detail: expect.stringContaining('larger than'),
    });
  });
});
