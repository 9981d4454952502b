import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogBatcher, type LogBatcher, type SocketLoad } from '../../lib/live/log-batcher';
import { LogTail } from '../../lib/live/log-tail';

interface Sent {
  offset: number;
  bytes: number;
  length: number;
}

let batcher: LogBatcher;
beforeEach(() => {
  vi.useFakeTimers();
  batcher = createLogBatcher(() => Date.now());
});
afterEach(() => {
  batcher.close();
  vi.useRealTimers();
});

function watcher(): {
  sent: Sent[];
  state: { load: SocketLoad };
  load(): SocketLoad;
  send(window: { offset: number; bytes: Uint8Array; length: number }): void;
} {
  const sent: Sent[] = [];
  const state = { load: 'free' as SocketLoad };
  return {
    sent,
    state,
    load: () => state.load,
    send: ({ offset, bytes, length }) => void sent.push({ offset, bytes: bytes.byteLength, length }),
  };
}

const bytesOf = (size: number) => new Uint8Array(size).fill(65);

describe('createLogBatcher', () => {
  it('sends a first line at once and gathers what follows within a frame', () => {
    const client = watcher();
    batcher.watch('s', client).start(0);
    batcher.append('s', 0, bytesOf(10), 10);
    vi.advanceTimersByTime(1);
    expect(client.sent).toEqual([{ offset: 0, bytes: 10, length: 10 }]);
    for (let line = 1; line <= 5; line += 1) batcher.append('s', line * 10, bytesOf(10), line * 10 + 10);
    vi.advanceTimersByTime(14);
    expect(client.sent).toHaveLength(1);
    vi.advanceTimersByTime(4);
    expect(client.sent[1]).toEqual({ offset: 10, bytes: 50, length: 60 });
  });

  it('takes up to 50 ms between two flushes when there is much to send or many read along', () => {
    const flushes = (watchers: number, chunkBytes: number) => {
      const client = watcher();
      const step = `${watchers} ${chunkBytes}`;
      batcher.watch(step, client).start(0);
      for (let more = 1; more < watchers; more += 1) batcher.watch(step, watcher()).start(0);
      for (let ms = 0; ms < 1000; ms += 1) {
        batcher.append(step, ms * chunkBytes, bytesOf(chunkBytes), (ms + 1) * chunkBytes);
        vi.advanceTimersByTime(1);
      }
      expect(client.sent.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(940 * chunkBytes);
      return client.sent.length;
    };
    expect(flushes(1, 10)).toBeGreaterThan(50);
    expect(flushes(1, 1000)).toBeLessThan(25);
    expect(flushes(40, 10)).toBeLessThan(27);
  });

  it('sends only the newest 64 KiB of a flood, with the higher offset and the new length', () => {
    const client = watcher();
    batcher.watch('s', client).start(0);
    for (let chunk = 0; chunk < 100; chunk += 1)
      batcher.append('s', chunk * 10_000, bytesOf(10_000), (chunk + 1) * 10_000);
    vi.advanceTimersByTime(1);
    expect(client.sent).toEqual([{ offset: 1_000_000 - 65_536, bytes: 65_536, length: 1_000_000 }]);
  });

  it('tells a slow watcher the length only, a blocked one nothing, and both the newest bytes once they are free', () => {
    const [slow, blocked] = [watcher(), watcher()];
    slow.state.load = 'slow';
    blocked.state.load = 'blocked';
    batcher.watch('s', slow).start(0);
    batcher.watch('s', blocked).start(0);
    for (let chunk = 0; chunk < 30; chunk += 1) {
      batcher.append('s', chunk * 10_000, bytesOf(10_000), (chunk + 1) * 10_000);
      vi.advanceTimersByTime(50);
    }
    expect(slow.sent.length).toBeGreaterThanOrEqual(2);
    expect(slow.sent.length).toBeLessThanOrEqual(4);
    expect(slow.sent.every((window) => window.bytes === 0 && window.offset === 0)).toBe(true);
    expect(blocked.sent).toEqual([]);
    slow.state.load = 'free';
    blocked.state.load = 'free';
    // No further output comes: the end must arrive all the same.
    vi.advanceTimersByTime(200);
    expect(slow.sent.at(-1)).toEqual({ offset: 300_000 - 65_536, bytes: 65_536, length: 300_000 });
    expect(blocked.sent).toEqual([{ offset: 300_000 - 65_536, bytes: 65_536, length: 300_000 }]);
  });

  it('neither repeats nor loses bytes that arrive between the first window and the start', () => {
    const client = watcher();
    const subscription = batcher.watch('s', client);
    batcher.append('s', 100, bytesOf(50), 150);
    vi.advanceTimersByTime(60);
    expect(client.sent).toEqual([]);
    subscription.start(120); // the file had 120 bytes when the first window was read
    vi.advanceTimersByTime(1);
    expect(client.sent).toEqual([{ offset: 120, bytes: 30, length: 150 }]);
  });

  it('stops sending to a watcher that stopped, and holds nothing for steps nobody watches', () => {
    const client = watcher();
    const subscription = batcher.watch('s', client);
    subscription.start(0);
    batcher.append('s', 0, bytesOf(10), 10);
    subscription.stop();
    batcher.append('other', 0, bytesOf(10), 10);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(500);
    expect(client.sent).toEqual([]);
  });
});

describe('LogTail', () => {
  it('skips bytes that it holds already and begins anew after a gap', () => {
    const tail = new LogTail(100);
    tail.append(0, Buffer.from('abcdef'), 6);
    tail.append(4, Buffer.from('efgh'), 8);
    expect(Buffer.from(tail.from(0)).toString()).toBe('abcdefgh');
    tail.append(20, Buffer.from('xyz'), 23);
    expect([tail.startOffset, tail.endOffset, Buffer.from(tail.from(0)).toString()]).toEqual([20, 23, 'xyz']);
  });

  it('keeps the newest bytes whatever sizes they came in', () => {
    const source = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
    const tail = new LogTail(64);
    let offset = 0;
    for (let size = 1; offset < source.length; size = (size * 7) % 97) {
      tail.append(offset, source.subarray(offset, offset + size), 0);
      offset = Math.min(source.length, offset + size);
      expect(Buffer.from(tail.from(tail.startOffset))).toEqual(source.subarray(Math.max(0, offset - 64), offset));
    }
  });
});
