import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHub } from '../../lib/hub/create-hub';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { failureOf } from '../support/failure-of';
import { type FakeHub, startFakeHub } from '../support/fake-hub/fake-hub';
import { gitBlobOid } from '../support/fake-hub/fake-repository';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../support/tiny-checkpoints';

const files = checkpointFiles(TINY_CHECKPOINTS['llama'] as TinyCheckpoint);
const TOKEN = 'hf_testtoken';
let server: FakeHub;

beforeAll(async () => {
  server = await startFakeHub({
    pageSize: 2,
    tokens: [TOKEN, 'hf_other'],
    repos: {
      'tester/tiny': { files: { ...files, 'sub/été.txt': 'small' } },
      'tester/secret': { files, isPrivate: true, allowedTokens: [TOKEN] },
      'tester/gated': { files, isGated: true, allowedTokens: [TOKEN] },
      'tester/old-name': { files },
      'tester/big': { files: {}, sparse: { 'model.safetensors': { start: Buffer.from('start'), sizeBytes: 55e9 } } },
    },
  });
  server.renameRepo('tester/old-name', 'tester/new-name');
});
afterAll(() => server.close());
afterEach(() => server.setFault(null));

function hub(token: string | null = null, endpoint = server.url) {
  return createHub({ endpoint, token });
}

describe('list', () => {
  it('pins the revision to a commit and gives every file with size, hash and address, over several pages', async () => {
    const listing = await hub().list('tester/tiny', 'main');
    expect(listing.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(listing.files.map((file) => file.path)).toEqual([
      'config.json',
      'model.safetensors',
      'sub/été.txt',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const weights = listing.files[1];
    expect(weights?.sha256).toBe(
      createHash('sha256')
        .update(files['model.safetensors'] ?? '')
        .digest('hex'),
    );
    expect(weights?.gitOid).toBeNull();
    expect(weights?.sizeBytes).toBe(files['model.safetensors']?.length);
    expect(listing.files[0]).toMatchObject({
      sha256: null,
      gitOid: gitBlobOid(Buffer.from(files['config.json'] ?? '')),
    });
    expect(listing.files[2]?.url).toBe(`${server.url}/tester/tiny/resolve/${listing.commit}/sub/%C3%A9t%C3%A9.txt`);
  });

  it('keeps to the pinned commit after main has moved', async () => {
    const before = await hub().list('tester/tiny', 'main');
    await server.addRepo('tester/tiny', { files: { ...files, 'new.json': '{}' } });
    expect((await hub().list('tester/tiny', 'main')).commit).not.toBe(before.commit);
    expect((await hub().list('tester/tiny', before.commit)).files).toEqual(before.files);
  });

  it('follows a renamed model and takes its new name', async () => {
    expect((await hub().list('tester/old-name', 'main')).repo).toBe('tester/new-name');
  });

  it('reads private and gated models with a token that may', async () => {
    expect((await hub(TOKEN).list('tester/secret', 'main')).files).toHaveLength(4);
    expect((await hub(TOKEN).list('tester/gated', 'main')).files).toHaveLength(4);
  });

  it.each([
    [
      'missing without a token',
      'tester/nobody',
      'main',
      null,
      'model-not-found',
      /or it is private/,
      /enter a Hugging Face token/,
    ],
    ['missing with a token', 'tester/nobody', 'main', TOKEN, 'model-not-found', /or it is private/, /owner must give/],
    [
      'private without a token',
      'tester/secret',
      'main',
      null,
      'model-not-found',
      /or it is private/,
      /enter a Hugging Face token/,
    ],
    [
      'private to another account',
      'tester/secret',
      'main',
      'hf_other',
      'model-not-found',
      /or it is private/,
      /owner must give/,
    ],
    [
      'gated without a token',
      'tester/gated',
      'main',
      null,
      'model-gated',
      /Quantdeck has no token/,
      /Accept the terms at/,
    ],
    [
      'gated for this account',
      'tester/gated',
      'main',
      'hf_other',
      'model-gated',
      /no access to it/,
      /with that account/,
    ],
    ['of a token that is no good', 'tester/tiny', 'main', 'hf_bad', 'hub-unauthorized', /does not accept/, /new token/],
    [
      'without that revision',
      'tester/tiny',
      'v9',
      null,
      'revision-not-found',
      /no revision "v9"/,
      /branch, tag or commit/,
    ],
  ] as const)('says when a model is %s', async (_what, repo, revision, token, code, message, remedy) => {
    const failure = await failureOf(hub(token).list(repo, revision));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.remedy).toMatch(remedy);
    expect(JSON.stringify(failure)).not.toContain('hf_');
  });

  it('refuses an id that is none before asking anybody', async () => {
    const asked = server.requests.length;
    expect((await failureOf(hub().list('a/b; rm -rf /', 'main'))).code).toBe('invalid-input');
    expect((await failureOf(hub().list('../../etc/passwd', 'main'))).code).toBe('invalid-input');
    expect(server.requests.length).toBe(asked);
  });

  it('passes on how long a busy hub asks to wait', async () => {
    server.setFault({ kind: 'status', status: 429, headers: { 'retry-after': '37' } });
    const failure = await failureOf(hub().list('tester/tiny', 'main'));
    expect(failure).toMatchObject({ code: 'hub-rate-limited', isTransient: true });
    expect(failure.message).toContain('37 s');
    server.setFault({ kind: 'status', status: 429, headers: { ratelimit: '"api";r=0;t=12' } });
    expect((await failureOf(hub(TOKEN).list('tester/tiny', 'main'))).message).toContain('12 s');
  });

  it('calls a hub in trouble unreachable for now', async () => {
    server.setFault({ kind: 'status', status: 503 });
    expect(await failureOf(hub().list('tester/tiny', 'main'))).toMatchObject({
      code: 'hub-unreachable',
      isTransient: true,
    });
    server.setFault({ kind: 'status', status: 418 });
    expect(await failureOf(hub().list('tester/tiny', 'main'))).toMatchObject({
      code: 'hub-unreachable',
      isTransient: false,
    });
  });

  it('gives up on a hub that says nothing', async () => {
    server.setFault({ kind: 'silent' });
    const impatient = createHub({ endpoint: server.url, token: null, timeoutMs: 400 });
    expect((await failureOf(impatient.list('tester/tiny', 'main'))).message).toContain('did not answer');
  });

  it('gives a slow one the time that it needs, and one that stops in the middle none', async () => {
    const patient = createHub({ endpoint: server.url, token: null, timeoutMs: 400 });
    const reader = patient.reader(await patient.list('tester/big', 'main'));
    server.setFault({ kind: 'slow', match: /^GET .cdn/, speedBytesPerSecond: 200_000 });
    const startedMs = performance.now();
    expect(await reader.read('model.safetensors', 0, 200_000)).toHaveLength(200_000);
    expect(performance.now() - startedMs).toBeGreaterThan(800);
    server.setFault({ kind: 'slow', match: /^GET .cdn/, speedBytesPerSecond: 1000 });
    expect((await failureOf(reader.read('model.safetensors', 0, 200_000))).message).toContain('did not answer');
  });

  it('names a connection that breaks, one that is refused and a name that does not resolve', async () => {
    server.setFault({ kind: 'hang-up' });
    expect((await failureOf(hub().list('tester/tiny', 'main'))).message).toContain('failed');
    expect((await failureOf(hub(null, await closedAddress()).list('a/b', 'main'))).message).toContain('refused');
    const unknown = await failureOf(createHub({ endpoint: 'http://nowhere.invalid', token: null }).list('a/b', 'main'));
    expect(unknown).toMatchObject({ code: 'hub-unreachable' });
  });

  it('says when what answers is no hub', async () => {
    const odd = createHub({
      endpoint: 'http://odd.test',
      token: null,
      fetch: async () => new Response('<html>welcome</html>'),
    });
    expect((await failureOf(odd.list('a/b', 'main'))).message).toContain('does not speak like a Hugging Face hub');
    const empty = createHub({
      endpoint: 'http://odd.test',
      token: null,
      fetch: async () => new Response('{"id":"a/b"}'),
    });
    expect((await failureOf(empty.list('a/b', 'main'))).code).toBe('hub-unreachable');
  });
});

describe('reader', () => {
  it('inspects a checkpoint on the hub by its headers, and gives the token to nobody but the hub', async () => {
    const secret = hub(TOKEN);
    const listing = await secret.list('tester/secret', 'main');
    const seen = server.requests.length;
    const result = await inspectCheckpoint(secret.reader(listing), {
      supportsArchitecture: supportsTextArchitecture,
    });
    expect(result.blocking).toBeNull();
    expect(result.inspection.tensorCount).toBeGreaterThan(20);
    const made = server.requests.slice(seen);
    expect(made.filter((request) => request.host === 'cdn').length).toBeGreaterThan(0);
    expect(made.filter((request) => request.host === 'cdn').every((request) => request.authorization === null)).toBe(
      true,
    );
    expect(
      made.filter((request) => request.host === 'hub').every((request) => request.authorization === `Bearer ${TOKEN}`),
    ).toBe(true);
    expect(made.every((request) => request.range !== null)).toBe(true);
  });

  it('never sends the token when the listing points elsewhere', async () => {
    const listing = await hub().list('tester/tiny', 'main');
    const weights = listing.files.find((file) => file.path === 'model.safetensors');
    const moved = {
      ...listing,
      files: [{ ...weights, url: `${server.cdnUrl}/cdn/${weights?.sha256}` }],
    } as typeof listing;
    const seen = server.requests.length;
    await hub(TOKEN).reader(moved).read('model.safetensors', 0, 8);
    expect(server.requests.slice(seen)).toEqual([expect.objectContaining({ host: 'cdn', authorization: null })]);
  });

  it('takes its part of an answer that ignores the range, and refuses one that ends early', async () => {
    const listing = await hub().list('tester/tiny', 'main');
    const config = Buffer.from(files['config.json'] ?? '');
    const answering = (body: Buffer) =>
      createHub({ endpoint: server.url, token: null, fetch: async () => new Response(new Uint8Array(body)) });
    const bytes = await answering(config).reader(listing).read('config.json', 5, 10);
    expect(Buffer.from(bytes).toString()).toBe(config.subarray(5, 15).toString());
    expect(
      (await failureOf(answering(config.subarray(0, 9)).reader(listing).read('config.json', 5, 10))).message,
    ).toContain('4 of 10 bytes');
    expect((await failureOf(answering(config).reader(listing).read('nothing', 0, 1))).code).toBe('download-failed');
    expect(await answering(config).reader(listing).read('config.json', 1_000_000, 10)).toHaveLength(0);
    expect(await answering(config).reader(listing).sizeBytes('nothing')).toBeNull();
  });

  it('takes little from a server that ignores ranges, and does not wait for what lies far behind', async () => {
    const patient = hub();
    const reader = patient.reader(await patient.list('tester/big', 'main'));
    server.setFault({ kind: 'no-ranges' });
    const before = patient.bytesReceived();
    expect(Buffer.from(await reader.read('model.safetensors', 0, 5)).toString()).toBe('start');
    expect(Buffer.from(await reader.read('model.safetensors', 2, 4)).toString()).toBe('art\0');
    expect((await failureOf(reader.read('model.safetensors', 40e9, 5))).message).toContain('for a part of a file');
    expect(patient.bytesReceived() - before).toBeLessThan(1024 * 1024);
  });

  it.each([
    ['another place', { 'content-range': 'bytes 0-9/SIZE' }, 'answered with bytes 0-9'],
    ['more than was asked for', { 'content-range': 'bytes 5-20/SIZE' }, 'answered with bytes 5-20'],
    ['a file of another size', { 'content-range': 'bytes 5-14/999999' }, 'it was changed'],
    ['no place at all', {}, 'does not say where it belongs'],
  ])('refuses a part of %s', async (_what, headers, message) => {
    const listing = await hub().list('tester/tiny', 'main');
    const size = String(listing.files.find(({ path }) => path === 'config.json')?.sizeBytes);
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('SIZE', size)]));
    const answer = async () => new Response('0123456789', { status: 206, headers: own });
    const odd = createHub({ endpoint: server.url, token: null, fetch: answer });
    const refused = await failureOf(odd.reader(listing).read('config.json', 5, 10));
    expect(refused).toMatchObject({ code: 'hub-unreachable', message: expect.stringContaining(message) });
  });

  it('goes straight to where a file lies from the second time on, and back to the hub when that address expires', async () => {
    const secret = hub(TOKEN);
    const reader = secret.reader(await secret.list('tester/secret', 'main'));
    const hostsOf = async () => {
      const seen = server.requests.length;
      await reader.read('model.safetensors', 0, 8);
      const made = server.requests.slice(seen);
      expect(made.filter(({ host, authorization }) => host === 'cdn' && authorization !== null)).toEqual([]);
      return made.map(({ host }) => host);
    };
    expect(await hostsOf()).toEqual(['hub', 'cdn']);
    expect(await hostsOf()).toEqual(['cdn']);
    server.setFault({ kind: 'status', match: /^GET .cdn/, status: 403, times: 1 });
    expect(await hostsOf()).toEqual(['cdn', 'hub', 'cdn']);
  });

  it('counts every byte that it received', async () => {
    const counting = hub();
    const reader = counting.reader(await counting.list('tester/tiny', 'main'));
    const before = counting.bytesReceived();
    expect(before).toBeGreaterThan(500);
    await reader.read('model.safetensors', 0, 1000);
    expect(counting.bytesReceived()).toBe(before + 1000);
  });

  it('does not follow an answer without end', async () => {
    const block = new Uint8Array(8 * 1024 * 1024);
    let sent = 0;
    const endless = async () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            sent += block.length;
            controller.enqueue(block);
          },
        }),
      );
    const odd = createHub({ endpoint: 'http://odd.test', token: null, fetch: endless });
    expect((await failureOf(odd.list('a/b', 'main'))).message).toContain('sends more than');
    expect(sent).toBeLessThan(200 * 1024 * 1024);
  });
});

it('tells its token to the redactor and shows it nowhere else', () => {
  expect(hub(TOKEN).secrets()).toEqual([TOKEN]);
  expect(hub(' ').secrets()).toEqual([]);
});

async function closedAddress(): Promise<string> {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  await new Promise((resolve) => taken.close(resolve));
  return `http://127.0.0.1:${port}`;
}
