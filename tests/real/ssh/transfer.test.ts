import { createHash, randomBytes } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHostSession } from '../../../lib/ssh/host-session';
import { OrderedDelivery } from '../../../lib/ssh/ordered-delivery';
import { planTransfer, requestsAhead } from '../../../lib/ssh/transfer-plan';
import { startCutProxy } from '../../support/ssh-cut-proxy';
import { type EmbeddedHost, startEmbeddedHost } from '../../support/ssh-embedded-host';
import { makeTempFolder } from '../../support/ssh-temp-folder';

const signal = new AbortController().signal;

describe('planning a transfer', () => {
  it('uses one connection nearby, and several with larger windows at a distance', () => {
    expect(planTransfer(0.3, 1e9)).toMatchObject({ lanes: 1, windowBytes: null });
    expect(planTransfer(150, 1e9)).toMatchObject({ lanes: 4, windowBytes: 6 * 1024 * 1024 });
    expect(planTransfer(150, 1e6)).toMatchObject({ lanes: 1, mostLanes: 1 });
    expect(planTransfer(150, 1e9)).toMatchObject({ mostLanes: 8 });
    expect(planTransfer(150, 1e9, 6)).toMatchObject({ lanes: 6, mostLanes: 6 });
  });

  it('holds at most 64 MiB for pieces that came too early, however many connections there are', () => {
    const plan = planTransfer(150, 1e9);
    expect(plan.segmentsAhead * plan.segmentBytes).toBe(64 * 1024 * 1024);
    for (const lanes of [4, 6, 8]) {
      expect(requestsAhead(plan, lanes)).toBeGreaterThanOrEqual(2);
      expect(lanes * requestsAhead(plan, lanes)).toBeLessThanOrEqual(plan.segmentsAhead);
    }
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
  });
});

describe('downloading from a host whose commands cannot read files', () => {
  let host: EmbeddedHost;
  beforeAll(async () => {
    const bare = await makeTempFolder('bare');
    await symlink('/bin/sh', path.join(bare.folder, 'sh'));
    host = await startEmbeddedHost({ environment: { PATH: bare.folder } });
  });
  afterAll(() => host.stop());

  it('goes over SFTP, in order, from any offset', async () => {
    const bytes = randomBytes(20_000_003);
    await writeFile(path.join(host.homeFolder, 'file'), bytes);
    const session = await openHostSession(host.endpoint, { pinned: host.fingerprint });
    for (const [offset, length] of [
      [0, bytes.length],
      [4_194_305, 12_345_678],
      [bytes.length - 1, 1],
    ] as const) {
      const got: Uint8Array[] = [];
      let next: number = offset;
      await session.download(
        '~/file',
        { offset, length },
        async (chunk, at) => {
          expect(at).toBe(next);
          next += chunk.length;
          await sleep(1);
          got.push(chunk);
        },
        signal,
      );
      expect(Buffer.concat(got).equals(bytes.subarray(offset, offset + length))).toBe(true);
    }
    const nothing = () => undefined;
    await expect(session.download('~/none', { offset: 0, length: 5 }, nothing, signal)).rejects.toMatchObject({
      failure: { code: 'artifact-missing' },
    });
    await expect(session.download('~/file', { offset: 0, length: 3e7 }, nothing, signal)).rejects.toMatchObject({
      failure: { code: 'transfer-failed', message: expect.stringContaining('shorter') },
    });
    const stop = new AbortController();
    const halt = () => stop.abort(new Error('enough'));
    await expect(session.download('~/file', { offset: 0, length: 2e7 }, halt, stop.signal)).rejects.toThrow('enough');
    session.close();
  });

  it('says that neither way works when SFTP refuses as well', async () => {
    const session = await openHostSession(host.endpoint, { pinned: host.fingerprint });
    const failed = await session
      .download('/proc/self/mem', { offset: 0, length: 10 }, () => undefined, signal)
      .catch((error: { failure: unknown }) => error.failure);
    expect(failed).toMatchObject({
      code: 'transfer-failed',
      message: expect.stringContaining('neither by a command on the host nor over SFTP'),
      remedy: expect.stringContaining('openssh-sftp-server'),
      evidence: expect.arrayContaining([expect.stringContaining('could not be read')]),
    });
    session.close();
  });
});
