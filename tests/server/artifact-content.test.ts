import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureError } from '../../lib/domain/failure';
import type { ArtifactContentDependencies, ArtifactFile } from '../../lib/server/artifact-content';
import { type HttpHarness, LOGGED_IN, startHttpHarness } from './http-harness';

const CONTENT = randomBytes(3_000_000);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const ETAG = `"${SHA256}"`;
const PATH = '/api/v1/artifacts/a1/content';

let folder: string;
let harness: HttpHarness;
let openHostRange: ArtifactContentDependencies['openHostRange'];

function artifact(fields: Partial<ArtifactFile> = {}): ArtifactFile {
  return {
    fileName: 'Model-Q4_K_M.gguf',
    sizeBytes: CONTENT.byteLength,
    sha256: SHA256,
    instanceId: 'i1',
    hostPath: null,
    homePath: join(folder, 'model.gguf'),
    ...fields,
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quantdeck-content-'));
  await writeFile(join(folder, 'model.gguf'), CONTENT);
  openHostRange = async (_instanceId, _path, offset, length, onData) => {
    for (let at = offset; at < offset + length; at += 65_536)
      await onData(CONTENT.subarray(at, Math.min(offset + length, at + 65_536)), at);
  };
  harness = await startHttpHarness({ openHostRange: (...given) => openHostRange(...given) });
  harness.artifacts.set('a1', artifact());
});
afterEach(async () => {
  await harness.close();
  await rm(folder, { recursive: true });
});

const get = (headers: Record<string, string> = {}, method = 'GET') =>
  harness.call(PATH, { method, headers: { ...LOGGED_IN, ...headers } });

describe.each(['home', 'host'])('an artifact on the %s', (place) => {
  beforeEach(() => {
    if (place === 'host') harness.artifacts.set('a1', artifact({ homePath: null, hostPath: '/root/model.gguf' }));
  });

  it('comes whole, with its hash as tag, as an attachment', async () => {
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.body.equals(CONTENT)).toBe(true);
    expect(answer.headers).toMatchObject({
      etag: ETAG,
      'content-length': '3000000',
      'accept-ranges': 'bytes',
      'content-disposition': 'attachment; filename="Model-Q4_K_M.gguf"',
      'x-content-type-options': 'nosniff',
    });
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=0-99', 0, 99],
    ['bytes=65530-65550', 65_530, 65_550],
    ['bytes=2999999-', 2_999_999, 2_999_999],
    ['bytes=1000000-', 1_000_000, 2_999_999],
    ['bytes=-500', 2_999_500, 2_999_999],
    ['bytes=-99999999', 0, 2_999_999],
    ['bytes=2999990-99999999', 2_999_990, 2_999_999],
    ['BYTES=5-6', 5, 6],
  ])('comes in part for %s', async (range, start, end) => {
    const answer = await get({ range });
    expect(answer.status).toBe(206);
    expect(answer.headers['content-range']).toBe(`bytes ${start}-${end}/3000000`);
    expect(answer.body.equals(CONTENT.subarray(start, end + 1))).toBe(true);
  });

  it.each(['bytes=3000000-', 'bytes=9999999-99999999', 'bytes=-0'])('cannot satisfy %s', async (range) => {
    const answer = await get({ range });
    expect([answer.status, answer.headers['content-range'], answer.body.byteLength]).toEqual([
      416,
      'bytes */3000000',
      0,
    ]);
  });

  it.each(['bytes=5-1', 'bytes=-', 'bytes=a-b', 'items=0-5', 'bytes=0-1,5-6', 'bytes=0x1-0x5', 'bytes 0-5'])(
    'ignores %s and sends all',
    async (range) => {
      const answer = await get({ range });
      expect([answer.status, answer.body.byteLength]).toEqual([200, 3_000_000]);
    },
  );

  it('resumes only the same file: If-Range with another tag, a weak one or a date sends all', async () => {
    const range = 'bytes=10-19';
    expect((await get({ range, 'if-range': ETAG })).status).toBe(206);
    expect((await get({ range, 'if-range': '"other"' })).status).toBe(200);
    expect((await get({ range, 'if-range': `W/${ETAG}` })).status).toBe(200);
    expect((await get({ range, 'if-range': 'Wed, 21 Oct 2015 07:28:00 GMT' })).status).toBe(200);
  });

  it('is not sent again to who has it', async () => {
    for (const tag of [ETAG, `W/${ETAG}`, `"x", ${ETAG}`, '*']) {
      const answer = await get({ 'if-none-match': tag });
      expect([answer.status, answer.body.byteLength, answer.headers.etag]).toEqual([304, 0, ETAG]);
    }
    expect((await get({ 'if-none-match': '"x"' })).status).toBe(200);
  });

  it('answers HEAD with the same headers, no body, and ignores its Range', async () => {
    const answer = await get({ range: 'bytes=0-5' }, 'HEAD');
    expect([answer.status, answer.headers['content-length'], answer.body.byteLength]).toEqual([200, '3000000', 0]);
  });
});

describe('an artifact that cannot be sent', () => {
  it.each([
    ['is not hashed yet', { sha256: null }, 409, 'conflict'],
    ['is gone from both places', { homePath: '/nonexistent/x' }, 410, 'artifact-missing'],
  ])('that %s is a problem with a remedy', async (_title, fields, status, code) => {
    harness.artifacts.set('a1', artifact(fields));
    const answer = await get();
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code, remedy: expect.stringMatching(/\w/) });
    expect(answer.headers['content-disposition']).toBeUndefined();
    expect(answer.headers.etag).toBeUndefined();
  });

  it('comes from the host when the file at home is missing, cut short or a link', async () => {
    const path = join(folder, 'model.gguf');
    harness.artifacts.set('a1', artifact({ hostPath: '/root/model.gguf' }));
    let askedHost = 0;
    const inner = openHostRange;
    openHostRange = (...given) => {
      askedHost += 1;
      return inner(...given);
    };
    await truncate(path, 100);
    expect((await get()).body.equals(CONTENT)).toBe(true);
    await rm(path);
    expect((await get()).body.equals(CONTENT)).toBe(true);
    await writeFile(join(folder, 'other'), CONTENT);
    await symlink(join(folder, 'other'), path);
    expect((await get()).body.equals(CONTENT)).toBe(true);
    expect(askedHost).toBe(3);
  });

  it('is a proper error when the host cannot be reached before the first byte', async () => {
    harness.artifacts.set('a1', artifact({ homePath: null, hostPath: '/root/model.gguf' }));
    openHostRange = () => Promise.reject(new FailureError('host-refused', 'Connection refused by 10.0.0.1 port 22.'));
    const answer = await get({ range: 'bytes=0-9' });
    expect(answer.status).toBe(502);
    expect(answer.headers['content-range']).toBeUndefined();
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'host-refused' });
  });

  it.each([
    [
      'breaks off with an error',
      async (onData: (chunk: Uint8Array, offset: number) => unknown) => {
        await onData(CONTENT.subarray(0, 1000), 0);
        throw new FailureError('host-lost', 'The connection was lost.');
      },
    ],
    [
      'ends too early without one',
      async (onData: (chunk: Uint8Array, offset: number) => unknown) => {
        await onData(CONTENT.subarray(0, 1000), 0);
      },
    ],
    [
      'sends bytes of another place',
      async (onData: (chunk: Uint8Array, offset: number) => unknown) => {
        await onData(CONTENT.subarray(0, 1000), 0);
        await onData(CONTENT.subarray(5000, 6000), 5000);
      },
    ],
  ])('whose source %s never looks whole to the client', async (_title, source) => {
    harness.artifacts.set('a1', artifact({ homePath: null, hostPath: '/root/model.gguf' }));
    openHostRange = (_instanceId, _path, _offset, _length, onData) => source(onData);
    await expect(get()).rejects.toThrow(/aborted|socket hang up/);
  });
});

describe('a client that stops', () => {
  it('slows the source down while it does not read, and stops it when it leaves', async () => {
    harness.artifacts.set('a1', artifact({ homePath: null, hostPath: '/root/model.gguf', sizeBytes: 500_000_000 }));
    let handedOut = 0;
    let ended: unknown = null;
    openHostRange = async (_instanceId, _path, offset, length, onData, signal) => {
      const chunk = Buffer.alloc(100_000);
      try {
        for (let at = offset; at < offset + length; at += chunk.byteLength) {
          signal.throwIfAborted();
          await onData(chunk, at);
          handedOut += chunk.byteLength;
        }
      } catch (error) {
        ended = error;
        throw error;
      }
    };
    const request = httpRequest({
      host: '127.0.0.1',
      port: harness.port,
      path: PATH,
      headers: LOGGED_IN,
      agent: false,
    });
    request.on('error', () => undefined);
    request.end();
    await new Promise<void>((resolve) =>
      request.on('response', (response) => {
        response.pause();
        resolve();
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const held = handedOut;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(handedOut).toBe(held);
    expect(held).toBeLessThan(50_000_000);
    request.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ended).not.toBeNull();
    expect(harness.lines).toEqual([]);
  });
});
