import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainText } from '../../app/_live/log-line';
import { LogSession } from '../../app/_live/log-session';
import { EMPTY_LOG, type LogSnapshot } from '../../app/_live/log-snapshot';
import type { LiveSocket } from '../../app/_live/socket-client';
import { stubHideablePage } from './hideable-page';

const STEP = 's1';
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

/** The server's end as far as a log needs it: a file, an HTTP range read, and a socket that can be cut. */
class LogServer extends EventEmitter {
  file = Buffer.alloc(0);
  connected = true;
  readonly watched: number[] = [];

  override emit(event: string, ...args: unknown[]): boolean {
    if (event !== 'log:watch') return super.emit(event, ...args);
    const [request, ack] = args as [{ offset: number }, (answer: unknown) => void];
    const offset = request.offset < 0 ? Math.max(0, this.file.length + request.offset) : request.offset;
    this.watched.push(request.offset);
    ack({ ok: true, data: this.#window(offset) });
    return true;
  }

  write(text: string, options: { isSent: boolean } = { isSent: true }): void {
    const offset = this.file.length;
    this.file = Buffer.concat([this.file, Buffer.from(text)]);
    if (options.isSent && this.connected) super.emit('log:appended', this.#window(offset));
  }

  cut(): void {
    this.connected = false;
    super.emit('disconnect');
  }

  restore(): void {
    this.connected = true;
    super.emit('connect');
  }

  #window(offset: number) {
    const bytes = new Uint8Array(this.file.subarray(offset));
    return { stepId: STEP, offset, bytes: bytes.buffer, length: this.file.length };
  }
}

describe('LogSession', () => {
  let server: LogServer;
  let session: LogSession;
  let snapshot: LogSnapshot;
  let snapshots: number;
  let page: ReturnType<typeof stubHideablePage>;
  const texts = () => snapshot.lines.map(plainText);
  const numbers = () =>
    snapshot.lines.map((line) => (snapshot.lineBase === null ? null : line.ordinal + snapshot.lineBase));

  beforeEach(() => {
    vi.useFakeTimers();
    server = new LogServer();
    snapshot = EMPTY_LOG;
    snapshots = 0;
    vi.stubGlobal('fetch', async (address: string) => {
      const query = new URL(address, 'http://localhost').searchParams;
      const offset = Number(query.get('offset'));
      const body = server.file.subarray(offset, offset + Number(query.get('limit')));
      return new Response(new Uint8Array(body), { headers: { 'X-Log-Length': String(server.file.length) } });
    });
    page = stubHideablePage();
    session = new LogSession(server as unknown as LiveSocket, { jobId: 'j1', stepId: STEP }, (next) => {
      snapshot = next;
      snapshots += 1;
    });
  });
  afterEach(() => {
    session.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('shows what is there and then what comes', async () => {
    server.write(lines(1, 3), { isSent: false });
    session.start();
    server.write(lines(4, 5));
    await vi.advanceTimersByTimeAsync(200);
    expect(texts()).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
    expect(numbers()).toEqual([1, 2, 3, 4, 5]);
  });

  it('goes on from the exact byte after a reconnect, without a lost or doubled line', async () => {
    server.write('line 1\nli', { isSent: false });
    session.start();
    await vi.advanceTimersByTimeAsync(200);
    server.cut();
    expect(snapshot.state).toBe('lost');
    server.write('ne 2\nline 3\n');
    server.restore();
    await vi.advanceTimersByTimeAsync(200);
    expect(server.watched.at(-1)).toBe(9);
    expect(texts()).toEqual(['line 1', 'line 2', 'line 3']);
    expect(snapshot.state).toBe('ready');
  });

  it('says how much a burst pushed past the window, and numbers the lines again afterwards', async () => {
    server.write(lines(1, 2), { isSent: false });
    session.start();
    await vi.advanceTimersByTimeAsync(200);
    server.write(lines(3, 9), { isSent: false });
    server.write(`x\n${lines(11, 12)}`);
    await vi.advanceTimersByTimeAsync(100);
    expect(snapshot.skippedBytes).toBe(49);
    await vi.advanceTimersByTimeAsync(2000);
    expect(texts()).toEqual(['line 11', 'line 12']);
    expect(numbers()).toEqual([11, 12]);
    await session.loadEarlier();
    expect(numbers()[0]).toBe(1);
    expect(texts()[8]).toBe('line 9');
  });

  it('stands still for a reader who is elsewhere and counts what came', async () => {
    session.start();
    server.write(lines(1, 3));
    await vi.advanceTimersByTimeAsync(200);
    session.setFollowing(false);
    server.write(lines(4, 6));
    server.write(lines(7, 9), { isSent: false });
    server.write(lines(10, 10));
    await vi.advanceTimersByTimeAsync(200);
    expect(texts()[0]).toBe('line 1');
    expect(snapshot.unseenLines).toBe(4);
    expect(snapshot.isAtEnd).toBe(false);
    await session.jumpToLatest();
    expect(texts().at(-1)).toBe('line 10');
    expect(snapshot).toMatchObject({ unseenLines: 0, isAtEnd: true });
  });

  it('never keeps more than five thousand lines', async () => {
    session.start();
    for (let burst = 0; burst < 10; burst += 1) server.write(lines(burst * 2000 + 1, burst * 2000 + 2000));
    await vi.advanceTimersByTimeAsync(500);
    expect(snapshot.lines).toHaveLength(5000);
    expect(texts().at(-1)).toBe('line 20000');
    expect(numbers().at(-1)).toBe(20_000);
  });

  it('shows a line within two milliseconds of its arrival when the log was quiet', async () => {
    session.start();
    await vi.advanceTimersByTimeAsync(200);
    server.write(lines(1, 1));
    await vi.advanceTimersByTimeAsync(2);
    expect(texts()).toEqual(['line 1']);
  });

  it('keeps still in a hidden tab and has every line once when it is looked at again', async () => {
    session.start();
    server.write(lines(1, 2));
    await vi.advanceTimersByTimeAsync(200);
    page.hide();
    const before = snapshots;
    for (let line = 3; line <= 2000; line += 1) {
      server.write(lines(line, line));
      await vi.advanceTimersByTimeAsync(10);
      // The connection may be cut and come back while nobody looks.
      if (line === 700) server.cut();
      if (line === 900) server.restore();
    }
    expect(snapshots).toBe(before);
    page.show();
    expect(snapshots).toBe(before + 1);
    expect(`${texts().join('\n')}\n`).toBe(lines(1, 2000));
    expect(numbers().at(-1)).toBe(2000);
    expect(snapshot).toMatchObject({ state: 'ready', skippedBytes: 0 });
  });

  it('holds a bounded part of a flood that nobody looks at, and shows its end', async () => {
    session.start();
    await vi.advanceTimersByTimeAsync(200);
    page.hide();
    for (let burst = 0; burst < 100; burst += 1) server.write(lines(burst * 2000 + 1, burst * 2000 + 2000));
    await vi.advanceTimersByTimeAsync(5000);
    expect(snapshot.lines).toHaveLength(0);
    page.show();
    expect(snapshot.lines).toHaveLength(5000);
    expect(texts().at(-1)).toBe('line 200000');
    expect(numbers().at(-1)).toBe(200_000);
  });

  it('counts what came for a reader who was elsewhere while the tab was hidden', async () => {
    session.start();
    server.write(lines(1, 3));
    await vi.advanceTimersByTimeAsync(200);
    session.setFollowing(false);
    page.hide();
    server.write(lines(4, 9));
    await vi.advanceTimersByTimeAsync(1000);
    page.show();
    expect(snapshot.unseenLines).toBe(6);
  });
});
