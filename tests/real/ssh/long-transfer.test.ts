import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHostSession } from '../../../lib/ssh/host-session';
import { startCutProxy } from '../../support/ssh-cut-proxy';
import { type EmbeddedHost, startEmbeddedHost } from '../../support/ssh-embedded-host';

const signal = new AbortController().signal;

describe('a long transfer over a long way', () => {
  let host: EmbeddedHost;
  beforeAll(async () => {
    host = await startEmbeddedHost();
  });
  afterAll(() => host.stop());

  it('opens more connections while they gain, without a byte lost or doubled', { timeout: 60_000 }, async () => {
    const size = 150_000_000;
    const block = randomBytes(1_000_000);
    const file = path.join(host.homeFolder, 'long');
    await writeFile(file, Buffer.concat(Array.from({ length: size / block.length }, () => block)));
    const proxy = await startCutProxy(host.endpoint.port, 8, 3_000_000);
    const session = await openHostSession({ ...host.endpoint, port: proxy.port }, { pinned: host.fingerprint });
    const range = { offset: 17, length: size - 17 };
    let next = range.offset;
    const hash = createHash('sha256');
    const take = (chunk: Uint8Array, at: number) => {
      expect(at).toBe(next);
      next += chunk.length;
      hash.update(chunk);
    };
    await session.download('~/long', range, take, signal);
    expect(next).toBe(size);
    const there = createHash('sha256');
    for (let at = 0; at < size; at += block.length) there.update(at === 0 ? block.subarray(17) : block);
    expect(hash.digest('hex')).toBe(there.digest('hex'));
    expect(proxy.mostConnections).toBeGreaterThan(4);
    expect(proxy.mostConnections).toBeLessThanOrEqual(8);
    session.close();
    await proxy.close();
  });
});
