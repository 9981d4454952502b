import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeHub, startFakeHub } from '../../support/fake-hub/fake-hub';
import { type FetchRun, runFetchProgram } from '../../support/fetch-run';

const SIZE = 3_000_007;
const PIECE = 150_000;
const WEIGHTS = Buffer.from(Array.from({ length: SIZE }, (_, index) => (index * 7 + (index >> 9)) & 0xff));
const SLOW = { kind: 'slow', match: /cdn/, speedBytesPerSecond: 400_000 } as const;

let server: FakeHub;
let root: string;
let folder: string;
let file: string;
beforeAll(async () => {
  server = await startFakeHub({
    repos: { 'tester/big': { files: { 'config.json': '{}', 'model.safetensors': WEIGHTS } } },
  });
  root = await mkdtemp(path.join(tmpdir(), 'quantdeck-ranges-'));
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true });
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(root, 'job-'));
  file = path.join(folder, 'model.safetensors');
});
afterEach(() => server.setFault(null));

const run = (stopWhen?: (output: string) => boolean, pieceBytes = PIECE): Promise<FetchRun> =>
  runFetchProgram({
    url: server.url,
    hubToken: null,
    repo: 'tester/big',
    folder,
    pieceBytes,
    ...(stopWhen ? { stopWhen } : {}),
  });

async function expectComplete({ exitCode, output }: FetchRun): Promise<void> {
  expect([exitCode, output]).toEqual([0, expect.stringContaining('complete: ')]);
  expect((await readFile(file)).equals(WEIGHTS)).toBe(true);
  expect((await readdir(folder)).sort()).toEqual(['.quantdeck-complete.json', 'config.json', 'model.safetensors']);
}

/** Ranges asked of the storage host since so many requests, without the look whether it takes ranges at all. */
const asked = (since: number) =>
  server.requests
    .slice(since)
    .filter(({ host, range }) => host === 'cdn' && range !== 'bytes=0-0')
    .map(({ range }) => range);

/** The map beside an unfinished file: bytes there of each piece. */
function counts(): number[] {
  if (!existsSync(`${file}.part.ranges`)) return [];
  const data = readFileSync(`${file}.part.ranges`);
  return Array.from({ length: data.length / 8 - 1 }, (_, index) => Number(data.readBigUInt64BE(8 * (index + 1))));
}

/** Whatever the map counts must be there, byte for byte; answers how much that is. */
function expectHonestMap(): number {
  const part = readFileSync(`${file}.part`);
  for (const [index, count] of counts().entries()) {
    const start = index * PIECE;
    expect(part.subarray(start, start + count).equals(WEIGHTS.subarray(start, start + count))).toBe(true);
  }
  return counts().reduce((sum, count) => sum + count, 0);
}

/** What a killed program had sent may still wait in a socket when its process is gone. */
async function untilQuiet(): Promise<void> {
  for (let before = -1; before !== server.requests.length; ) {
    before = server.requests.length;
    await sleep(250);
  }
}

describe('a large file on a host', { timeout: 60_000 }, () => {
  it('is fetched in pieces, each once, and the hub is asked for its place once', async () => {
    const since = server.requests.length;
    await expectComplete(await run());
    const wanted = Array.from({ length: Math.ceil(SIZE / PIECE) }, (_, index) => {
      return `bytes=${index * PIECE}-${Math.min(SIZE, (index + 1) * PIECE) - 1}`;
    });
    expect(asked(since).sort()).toEqual(wanted.sort());
    const hub = server.requests.slice(since).filter(({ path: where }) => where.includes('resolve/'));
    expect(hub.filter(({ path: where }) => where.endsWith('model.safetensors'))).toHaveLength(1);
  });

  it('is fetched by several connections at once', async () => {
    server.setFault(SLOW);
    let most = 0;
    await expectComplete(
      await run(() => {
        most = Math.max(most, counts().filter((count) => count > 0 && count < PIECE).length);
        return false;
      }),
    );
    expect(most).toBeGreaterThan(3);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('loses nothing when it is killed again and again', async () => {
    let had = 0;
    for (let round = 0; round < 4; round += 1) {
      server.setFault(SLOW);
      const before = had;
      const killed = await run(() => counts().reduce((sum, count) => sum + count, 0) > before + 300_000);
      expect(killed.exitCode).not.toBe(0);
      had = expectHonestMap();
      expect(had).toBeGreaterThan(before);
    }
    server.setFault(null);
    await untilQuiet();
    const since = server.requests.length;
    const left = counts();
    const rest = left
      .map((count, index) => [index * PIECE + count, Math.min(SIZE, (index + 1) * PIECE) - 1])
      .filter(([from = 0, to = 0]) => from <= to)
      .map(([from, to]) => `bytes=${from}-${to}`);
    await expectComplete(await run());
    expect(asked(since).sort()).toEqual(rest.sort());
  });

  it('goes on within a piece after a cut', async () => {
    server.setFault({ kind: 'cut', match: /cdn/, afterBytes: 100_000, times: 3 });
    const since = server.requests.length;
    const result = await run();
    await expectComplete(result);
    expect(result.output).toContain('trying again in');
    const restarts = asked(since).filter((range) => Number(/=(\d+)/.exec(range ?? '')?.[1]) % PIECE === 100_000);
    expect(restarts.length).toBeGreaterThanOrEqual(2);
  });

  it('comes by one connection from a server that ignores Range', async () => {
    server.setFault({ kind: 'no-ranges', match: /cdn/ });
    const result = await run();
    await expectComplete(result);
    expect(result.output).toContain('by one connection');
  });

  it('falls back to one connection when the server stops to send ranges, and keeps its beginning', async () => {
    // Slow enough that pieces are left to ask for when a busy test looks a second late.
    server.setFault({ ...SLOW, speedBytesPerSecond: 100_000 });
    const since = server.requests.length;
    let isChanged = false;
    const result = await run(() => {
      if (!isChanged && (counts()[0] ?? 0) === PIECE) server.setFault({ kind: 'no-ranges', match: /cdn/ });
      isChanged ||= (counts()[0] ?? 0) === PIECE;
      return false;
    });
    await expectComplete(result);
    expect(isChanged).toBe(true);
    expect(asked(since).at(-1)).toMatch(/^bytes=\d+-$/);
    expect(result.output).toMatch(/going on with model\.safetensors at byte [1-9]/);
  });

  it('is thrown away whole and fetched again when one piece arrived damaged', async () => {
    server.setFault({ kind: 'flip', match: /cdn/, atByte: 77_777, times: 2 });
    const result = await run();
    expect(result.output).toContain('arrived damaged');
    await expectComplete(result);
  });

  it('asks the hub anew when the signed address of its content has expired', async () => {
    const since = server.requests.length;
    server.setFault({ ...SLOW, speedBytesPerSecond: 2_000_000 });
    const result = await run(() => {
      if (asked(since).length === 8) server.setFault({ kind: 'status', status: 403, match: /cdn/, times: 1 });
      return false;
    });
    await expectComplete(result);
    const hub = server.requests.slice(since).filter(({ path: where }) => where.endsWith('model.safetensors'));
    expect(hub.length).toBeGreaterThan(1);
  });

  it.each([
    ['the beginning that one connection brought', 1_000_000, null, SIZE - 1_000_000],
    ['pieces of another size', SIZE, [1_100_000, 1_100_000, 200_000, 0], SIZE - 1_300_000],
    ['a file of full size without a map', SIZE, null, 0],
    ['a map that counts more than is there', 500_000, [PIECE, PIECE, PIECE, 2 ** 40, 2 ** 40, 2 ** 40], SIZE - 500_000],
    ['an empty map', 500_000, [], SIZE],
  ])('begins with %s', async (_what, length, map, wanted) => {
    await writeFile(`${file}.part`, WEIGHTS.subarray(0, length));
    if (map) {
      const data = Buffer.alloc(8 * map.length);
      for (const [index, value] of map.entries()) data.writeBigUInt64BE(BigInt(value), 8 * index);
      await writeFile(`${file}.part.ranges`, data);
    }
    const since = server.requests.length;
    await expectComplete(await run());
    const fetched = asked(since).map((range) => /=(\d+)-(\d+)/.exec(range ?? '')?.map(Number) ?? []);
    expect(fetched.reduce((sum, [, from = 0, to = 0]) => sum + to - from + 1, 0)).toBe(wanted);
  });
});
