import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeHub, startFakeHub } from '../../support/fake-hub/fake-hub';
import { type FetchRun, runFetchProgram } from '../../support/fetch-run';

const TOKEN = 'hf_testtoken';
const WEIGHTS = Buffer.alloc(3_000_000, 'weights of a model ');
const FILES = {
  'config.json': '{"a": 1}',
  'empty.txt': '',
  'it\'s "odd" $(touch x) é.json': '{}',
  'sub/one.json': '[]',
  'model.safetensors': WEIGHTS,
};
let server: FakeHub;
let root: string;
let folder: string;

beforeAll(async () => {
  server = await startFakeHub({
    tokens: [TOKEN],
    repos: { 'tester/secret': { files: FILES, isPrivate: true, allowedTokens: [TOKEN] } },
  });
  root = await mkdtemp(path.join(tmpdir(), 'quantdeck-fetch-'));
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true });
});
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(root, 'job-')), 'with space', "it's");
});
afterEach(() => server.setFault(null));

async function run(options: { token?: string; stopWhen?: (output: string) => boolean } = {}): Promise<FetchRun> {
  const result = await runFetchProgram({
    url: server.url,
    hubToken: TOKEN,
    repo: 'tester/secret',
    folder,
    ...options,
  });
  expect(result.script).not.toContain(TOKEN);
  return result;
}

async function expectComplete(): Promise<void> {
  for (const [name, content] of Object.entries(FILES)) {
    expect(Buffer.compare(await readFile(path.join(folder, name)), Buffer.from(content))).toBe(0);
  }
  expect(JSON.parse(await readFile(path.join(folder, '.quantdeck-complete.json'), 'utf8')).repo).toBe('tester/secret');
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
}

describe('the fetch program on a host', { timeout: 30_000 }, () => {
  it('fetches every file whatever its name, checks the hashes, and shows progress', async () => {
    const seen = server.requests.length;
    const { exitCode, output } = await run();
    expect(output).toMatch(/quantdeck-progress: \{"phase": "fetching", "done": 3000\d+, /);
    expect(exitCode).toBe(0);
    await expectComplete();
    expect(output).not.toContain(TOKEN);
    const cdn = server.requests.slice(seen).filter((request) => request.host === 'cdn');
    expect(cdn.length).toBe(1);
    expect(cdn[0]?.authorization).toBeNull();
  });

  it('fetches nothing twice', async () => {
    await run();
    const seen = server.requests.length;
    const { exitCode, output } = await run();
    expect(exitCode).toBe(0);
    expect(output.match(/already there and right/g)).toHaveLength(5);
    expect(server.requests.slice(seen).filter((request) => request.path.includes('/resolve/'))).toEqual([]);
  });

  it('says the speed of what arrives, not of what was there, and its average besides', async () => {
    server.setFault({ kind: 'silent', match: /one\.json/ });
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'model.safetensors'), WEIGHTS);
    let seen: { speedBytesPerSecond: number; averageBytesPerSecond: number; done: number }[] = [];
    const stopWhen = (output: string) => {
      seen = [...output.matchAll(/^quantdeck-progress: (.+)$/gm)].map(([, json]) => JSON.parse(json ?? ''));
      return seen.filter(({ done }) => done >= WEIGHTS.length).length > 1;
    };
    await run({ stopWhen });
    expect(seen.at(-1)?.done).toBeGreaterThanOrEqual(WEIGHTS.length);
    expect(seen.at(-1)?.averageBytesPerSecond).toBeLessThan(WEIGHTS.length / 100);
    expect(seen.at(-1)?.speedBytesPerSecond).toBeLessThan(WEIGHTS.length / 100);
  });

  it('goes on where a cut connection left off', async () => {
    server.setFault({ kind: 'cut', match: /cdn/, afterBytes: 1_000_000, times: 1 });
    const seen = server.requests.length;
    const { exitCode, output } = await run();
    expect(exitCode).toBe(0);
    expect(output).toContain('going on with model.safetensors at byte 1000000');
    expect(
      server.requests
        .slice(seen)
        .filter(({ host }) => host === 'cdn')
        .map(({ range }) => range),
    ).toEqual([null, 'bytes=1000000-']);
    await expectComplete();
  });

  it('goes on where it was killed', async () => {
    const part = path.join(folder, 'model.safetensors.part');
    server.setFault({ kind: 'slow', match: /cdn/, speedBytesPerSecond: 2_000_000 });
    let size = 0;
    const timer = setInterval(
      async () =>
        (size = await stat(part).then(
          (found) => found.size,
          () => size,
        )),
      10,
    );
    await mkdir(folder, { recursive: true });
    await writeFile(part, WEIGHTS.subarray(0, 700_000));
    const killed = await run({ stopWhen: () => size > 0 });
    clearInterval(timer);
    expect(killed.exitCode).not.toBe(0);
    server.setFault(null);
    const { exitCode, output } = await run();
    expect(exitCode).toBe(0);
    expect(output).toMatch(/going on with model\.safetensors at byte [1-9]/);
    await expectComplete();
  });

  it('throws away what arrived damaged and fetches it again', async () => {
    server.setFault({ kind: 'flip', match: /cdn/, atByte: 1_234_567, times: 1 });
    const { exitCode, output } = await run();
    expect(output).toContain('arrived damaged');
    expect(exitCode).toBe(0);
    await expectComplete();
  });

  it('gives up on what is damaged each time, in words and without a finished file', async () => {
    server.setFault({ kind: 'flip', match: /cdn/, atByte: 5 });
    const { exitCode, output } = await run();
    expect(exitCode).toBe(1);
    expect(output).toMatch(/quantdeck-failure: \{"code": "download-corrupt"/);
    expect(await readdir(folder)).not.toContain('model.safetensors');
    expect(await readdir(folder)).not.toContain('.quantdeck-complete.json');
  });

  it('waits and tries again when the hub is busy', async () => {
    server.setFault({ kind: 'status', status: 429, match: /resolve/, times: 2, headers: { 'retry-after': '1' } });
    const { exitCode, output } = await run();
    expect(output).toContain('trying again in');
    expect(exitCode).toBe(0);
  });

  it('says what to do when the hub does not know the token', async () => {
    const { exitCode, output } = await run({ token: 'hf_revoked' });
    expect(exitCode).toBe(1);
    expect(output).toMatch(/quantdeck-failure: \{"code": "hub-unauthorized", .*HTTP 401/);
    expect(output).not.toContain('hf_revoked');
  });
});
