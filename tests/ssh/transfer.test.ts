import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHostSession } from '../../lib/ssh/host-session';
import { OrderedDelivery } from '../../lib/ssh/ordered-delivery';
import { planTransfer } from '../../lib/ssh/transfer-plan';
import { startCutProxy } from '../support/ssh-cut-proxy';
import { type EmbeddedHost, startEmbeddedHost } from '../support/ssh-embedded-host';

const signal = new AbortController().signal;

describe('planning a transfer', () => {
  it('uses one connection nearby, and several with larger windows at a distance', () => {
    expect(planTransfer(0.3, 1e9)).toMatchObject({ lanes: 1, windowBytes: null });
    expect(planTransfer(150, 1e9)).toMatchObject({ lanes: 4, windowBytes: 6 * 1024 * 1024 });
    expect(planTransfer(150, 1e6)).toMatchObject({ lanes: 1 });
  });
});

describe('putting lanes back in order', () => {
  it('hands out every byte once and in order, whatever order the lanes deliver in', async () => {
    const source = randomBytes(100_003);
    const got: Uint8Array[] = [];
    let next = 7;
    const onData = async (chunk: Uint8Array, offset: number) => {
      expect(offset).toBe(next);
      next += chunk.length;
      if (got.length % 50 === 0) await sleep(1);
      got.push(chunk);
    };
    const delivery = new OrderedDelivery({
      range: { offset: 7, length: source.length },
      segmentBytes: 1000,
      maxAhead: 12,
      onData,
      signal,
    });
    const lane = async () => {
      for (let segment = await delivery.take(); segment; segment = await delivery.take()) {
        for (let at = 0; at < segment.length; at += 300) {
          await sleep(Math.random() < 0.05 ? 2 : 0);
          const from = segment.offset - 7 + at;
          await delivery.push(segment.index, source.subarray(from, from + Math.min(300, segment.length - at)));
        }
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    await delivery.settled();
    expect(Buffer.concat(got).equals(source)).toBe(true);
  });

  it('lets no lane run further ahead than allowed', async () => {
    const delivery = new OrderedDelivery({
      range: { offset: 0, length: 100 },
      segmentBytes: 10,
      maxAhead: 3,
      onData: () => undefined,
      signal,
    });
    for (let index = 0; index < 3; index += 1) expect((await delivery.take())?.index).toBe(index);
    let isTaken = false;
    const fourth = delivery.take().then((segment) => {
      isTaken = true;
      return segment;
    });
    delivery.push(1, Buffer.alloc(10));
    await sleep(5);
    expect(isTaken).toBe(false);
    await delivery.push(0, Buffer.alloc(10));
    expect((await fourth)?.index).toBe(3);
  });
});

describe('downloading from far away', () => {
  let host: EmbeddedHost;
  beforeAll(async () => {
    host = await startEmbeddedHost();
  });
  afterAll(() => host.stop());

  it('brings a file over several connections unchanged, and keeps them for the next one', async () => {
    const bytes = randomBytes(40_000_003);
    await writeFile(path.join(host.homeFolder, 'far'), bytes);
    const proxy = await startCutProxy(host.endpoint.port, 15);
    const session = await openHostSession({ ...host.endpoint, port: proxy.port }, { pinned: host.fingerprint });
    for (const offset of [0, 12_345_678]) {
      const hash = createHash('sha256');
      let next = offset;
      await session.download(
        '~/far',
        { offset, length: bytes.length - offset },
        (chunk, at) => {
          expect(at).toBe(next);
          next += chunk.length;
          hash.update(chunk);
        },
        signal,
      );
      expect(next).toBe(bytes.length);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes.subarray(offset)).digest('hex'));
    }
    const stop = new AbortController();
    let later = 0;
    await expect(
      session.download(
        '~/far',
        { offset: 0, length: bytes.length },
        (_chunk, at) => {
          if (stop.signal.aborted) later += 1;
          if (at > 1_000_000) stop.abort(new Error('enough'));
        },
        stop.signal,
      ),
    ).rejects.toThrow('enough');
    const seen = later;
    await sleep(100);
    expect(later).toBe(seen);
    session.close();
    await proxy.close();
  }, 60_000);
});
