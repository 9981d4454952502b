import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ack } from '../../lib/live/events';
import { createUpgradeFilter } from '../../lib/server/http-router';
import { COOKIE_NAME, connected, type Harness, jobOf, startHarness, until } from './gateway-harness';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

/** Sends a raw upgrade request and gives back the first line of the answer ('' when closed without one). */
function rawUpgrade(headers: Record<string, string>, path = '/ws/?EIO=4&transport=websocket'): Promise<string> {
  const lines = Object.entries({
    Host: `127.0.0.1:${harness.port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const socket = connectTcp(harness.port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`),
    );
    socket.once('data', (data) => {
      resolve(data.toString().split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.once('close', () => resolve(''));
    socket.once('error', reject);
  });
}

describe('the handshake', () => {
  it.each([
    ['no cookie', {}, 401],
    ['a cookie that opens no session', { Cookie: `${COOKIE_NAME}=stolen` }, 401],
    ['a good cookie under another name', { Cookie: 'session=good' }, 401],
    ['a foreign origin', { Origin: 'https://evil.example', Cookie: `${COOKIE_NAME}=good` }, 403],
    ['the origin null', { Origin: 'null', Cookie: `${COOKIE_NAME}=good` }, 403],
    ['our host on another port as origin', { Origin: 'http://127.0.0.1:1', Cookie: `${COOKIE_NAME}=good` }, 403],
    ['a foreign host name (DNS rebinding)', { Host: 'evil.example', Cookie: `${COOKIE_NAME}=good` }, 421],
    ['a host with user info', { Host: 'evil@127.0.0.1', Cookie: `${COOKIE_NAME}=good` }, 421],
  ])('is refused before the upgrade with %s', async (_title, headers, status) => {
    expect(await rawUpgrade({ Origin: harness.origin, ...headers })).toContain(`HTTP/1.1 ${status} `);
    expect(harness.gateway.clientCount()).toBe(0);
  });

  it('is refused without an Origin, even with a good cookie', async () => {
    expect(await rawUpgrade({ Cookie: `${COOKIE_NAME}=good` })).toContain('HTTP/1.1 403 ');
  });

  it('is accepted from our own page with a session', async () => {
    expect(await rawUpgrade({ Origin: harness.origin, Cookie: `a=b; ${COOKIE_NAME}=good` })).toContain('101');
  });

  it('offers no long polling', async () => {
    const answer = await fetch(`${harness.origin}/ws/?EIO=4&transport=polling`, {
      headers: { cookie: `${COOKIE_NAME}=good` },
    });
    expect(answer.status).toBe(400);
  });

  it('is the only upgrade there is: beside the filter of lib/server every other path is closed at once', async () => {
    harness.server.on('upgrade', createUpgradeFilter({ isDev: false, isAllowed: () => true }));
    for (const path of ['/', '/wsx', '/api/v1/jobs', '/_next/hmr', '/socket.io/?EIO=4&transport=websocket']) {
      const answer = await rawUpgrade({ Origin: harness.origin, Cookie: `${COOKIE_NAME}=good` }, path);
      expect([path, answer]).toEqual([path, 'HTTP/1.1 404 Not Found']);
    }
    expect(await rawUpgrade({ Origin: harness.origin })).toContain(' 401 ');
    expect(await rawUpgrade({ Origin: harness.origin, Cookie: `${COOKIE_NAME}=good` })).toContain(' 101 ');
  });

  it('answers 503 when the session cannot be looked up, and lets nobody in', async () => {
    await harness.close();
    harness = await startHarness({ findSession: () => Promise.reject(new Error('database is locked')) });
    expect(await rawUpgrade({ Origin: harness.origin, Cookie: `${COOKIE_NAME}=good` })).toContain('503');
    expect(harness.errors).toHaveLength(1);
  });
});

describe('a session', () => {
  it('that is revoked ends its sockets within two seconds and leaves the others', async () => {
    harness.sessions.add('other');
    const revoked = harness.connect();
    const other = harness.connect({ cookie: `${COOKIE_NAME}=other` });
    await Promise.all([connected(revoked), connected(other)]);
    let ended = false;
    revoked.on('session:ended', () => {
      ended = true;
    });
    harness.sessions.delete('good');
    const atMs = performance.now();
    await until(() => !revoked.connected, 2000);
    expect(performance.now() - atMs).toBeLessThan(2000);
    expect(ended).toBe(true);
    expect(other.connected).toBe(true);
  });

  it('is asked for again on events, so that a revoked one gets no answer', async () => {
    const socket = harness.connect();
    await connected(socket);
    harness.jobs.set('job1', jobOf('job1', 3));
    await socket.emitWithAck('job:watch', { jobId: 'job1', afterSequence: 0 });
    harness.sessions.delete('good');
    // No longer than the cache: the sweep would end the socket within a second as well.
    await new Promise((resolve) => setTimeout(resolve, 950));
    const answers: unknown[] = [];
    socket.emit('jobs:watch', {}, (answer) => answers.push(answer));
    await until(() => !socket.connected, 2000);
    expect(answers.filter((answer) => (answer as Ack<unknown>).ok)).toEqual([]);
  });
});

describe('events', () => {
  it('answer a watch with the job only when it is newer, then send changes, at most ten a second, newest last', async () => {
    harness.jobs.set('job1', jobOf('job1', 5));
    const socket = harness.connect();
    await connected(socket);
    const seen: number[] = [];
    socket.on('job:updated', (job) => seen.push(job.sequence));
    expect(await socket.emitWithAck('job:watch', { jobId: 'job1', afterSequence: 4 })).toMatchObject({
      ok: true,
      data: { sequence: 5 },
    });
    expect(await socket.emitWithAck('job:watch', { jobId: 'job1', afterSequence: 5 })).toEqual({
      ok: true,
      data: null,
    });
    const atMs = performance.now();
    for (let sequence = 6; sequence <= 45; sequence += 1) {
      harness.jobs.set('job1', jobOf('job1', sequence));
      harness.gateway.publisher.jobChanged('job1');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await until(() => seen.at(-1) === 45);
    const elapsedMs = performance.now() - atMs;
    expect(seen.length).toBeLessThanOrEqual(Math.ceil(elapsedMs / 100) + 1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it('stop after unwatch', async () => {
    harness.jobs.set('job1', jobOf('job1', 1));
    const socket = harness.connect();
    await connected(socket);
    let count = 0;
    socket.on('job:updated', () => {
      count += 1;
    });
    await socket.emitWithAck('job:watch', { jobId: 'job1', afterSequence: 0 });
    socket.emit('job:unwatch', { jobId: 'job1' });
    await socket.emitWithAck('jobs:watch', {}); // events of one socket are handled in order
    harness.gateway.publisher.jobChanged('job1');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(count).toBe(0);
  });

  it('carry samples and progress to those who watch the job, and to nobody else', async () => {
    harness.jobs.set('job1', jobOf('job1', 1));
    harness.jobs.set('job2', jobOf('job2', 1));
    const [one, two] = [harness.connect(), harness.connect()];
    await Promise.all([connected(one), connected(two)]);
    const seen: string[] = [];
    one.on('host:sampled', (event) => seen.push(`one ${event.jobId}`));
    two.on('host:sampled', (event) => seen.push(`two ${event.jobId}`));
    one.on('step:progressed', (event) => seen.push(`one ${event.stepId} ${event.note}`));
    await one.emitWithAck('job:watch', { jobId: 'job1', afterSequence: 0 });
    await two.emitWithAck('job:watch', { jobId: 'job2', afterSequence: 0 });
    harness.gateway.publisher.sampled('job1', { atMs: 1 } as never);
    harness.gateway.publisher.stepProgressed('job1', 'step1', null, 'a');
    harness.gateway.publisher.stepProgressed('job1', 'step1', null, 'b');
    await until(() => seen.includes('one step1 b'));
    expect(seen).toEqual(['one job1', 'one step1 a', 'one step1 b']);
  });

  it.each([
    ['job:watch', null],
    ['job:watch', { jobId: '../../etc', afterSequence: 0 }],
    ['job:watch', { jobId: ['a'], afterSequence: 0 }],
    ['job:watch', { jobId: 'x'.repeat(65), afterSequence: 0 }],
    ['log:watch', { jobId: 'a', stepId: 'b', offset: 1e300 }],
    ['log:watch', { jobId: 'a', stepId: 'b', offset: 0.5 }],
  ])('of the wrong shape are refused: %s %j', async (event, payload) => {
    const socket = harness.connect();
    await connected(socket);
    const answer = await socket.emitWithAck(event as 'job:watch', payload as never);
    expect(answer).toMatchObject({ ok: false, code: 'invalid-input' });
  });

  it('that do not exist, or have the names of an object, of Node or of a function, are ignored', async () => {
    const socket = harness.connect();
    await connected(socket);
    for (const name of ['__proto__', 'constructor', 'error', 'toString', 'job:delete', 'stopAll']) {
      (socket as unknown as { emit(name: string, payload: unknown): void }).emit(name, {});
    }
    expect(await socket.emitWithAck('jobs:watch', {})).toEqual({ ok: true, data: [] });
  });

  it('are refused above fifty a second, while the socket lives on', async () => {
    const socket = harness.connect();
    await connected(socket);
    const answers = await Promise.all(Array.from({ length: 120 }, () => socket.emitWithAck('jobs:watch', {})));
    const refused = answers.filter((answer) => !answer.ok);
    expect(refused.length).toBeGreaterThan(40);
    expect(refused.length).toBeLessThan(75);
    expect(refused[0]).toMatchObject({ code: 'rate-limited' });
    expect(socket.connected).toBe(true);
  });

  it('do not pile up for a reader that reads nothing: it gets the newest of each job, and no old samples', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `job${index}`);
    const padding = 'x'.repeat(500_000);
    const change = (id: string, sequence: number) => {
      harness.jobs.set(id, { ...jobOf(id, sequence), commit: padding });
      harness.gateway.publisher.jobChanged(id);
      harness.gateway.publisher.sampled(id, { atMs: sequence } as never);
    };
    for (const id of ids) harness.jobs.set(id, jobOf(id, 0));
    const socket = harness.connect();
    await connected(socket);
    for (const jobId of ids) await socket.emitWithAck('job:watch', { jobId, afterSequence: 0 });
    const newest = new Map<string, number>();
    const count = { jobs: 0, samples: 0 };
    socket.on('job:updated', (job) => {
      count.jobs += 1;
      newest.set(job.id, job.sequence);
    });
    socket.on('host:sampled', () => {
      count.samples += 1;
    });
    const raw = (socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;
    raw.pause();
    for (let sequence = 1; sequence <= 8; sequence += 1) {
      for (const id of ids) change(id, sequence);
      await new Promise((resolve) => setTimeout(resolve, 110));
    }
    raw.resume();
    await until(() => ids.every((id) => newest.get(id) === 8));
    // 64 updates of 0.5 MB were published; the kernel swallows some megabytes before a socket counts as behind.
    expect(count.jobs).toBeLessThan(45);
    expect(count.samples).toBeLessThan(45);
  });

  it('say "not found" for an unknown job, and never what went wrong inside', async () => {
    const socket = harness.connect();
    await connected(socket);
    expect(await socket.emitWithAck('job:watch', { jobId: 'nope', afterSequence: 0 })).toMatchObject({
      ok: false,
      code: 'not-found',
    });
    await harness.close();
    harness = await startHarness({ listJobs: () => Promise.reject(new Error('secret path /root/x')) });
    const other = harness.connect();
    await connected(other);
    const answer = await other.emitWithAck('jobs:watch', {});
    expect(answer).toMatchObject({ ok: false, code: 'internal' });
    expect(JSON.stringify(answer)).not.toContain('secret path');
    expect(harness.errors).toHaveLength(1);
  });
});
