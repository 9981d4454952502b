import type { Socket as TcpSocket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogWindow } from '../../lib/live/events';
import { connected, type Harness, startHarness, type TestSocket, until } from './gateway-harness';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

/** What a page does: keeps the windows, knows where it was skipped. */
async function watchLog(socket: TestSocket, offset: number): Promise<LogWindow[]> {
  const windows: LogWindow[] = [];
  socket.on('log:appended', (window) => windows.push(window));
  const answer = await socket.emitWithAck('log:watch', { jobId: 'job1', stepId: 'step1', offset });
  if (!answer.ok) throw new Error(answer.message);
  windows.unshift(answer.data);
  return windows;
}

const textOf = (windows: LogWindow[]) => Buffer.concat(windows.map((window) => Buffer.from(window.bytes))).toString();

describe('watching a log', () => {
  it('begins at the wanted offset, at the last bytes for a negative one, and near the end of a long log', async () => {
    harness.logs.set('step1', Buffer.from('0123456789'));
    const socket = harness.connect();
    await connected(socket);
    const ask = async (offset: number) => {
      const answer = await socket.emitWithAck('log:watch', { jobId: 'job1', stepId: 'step1', offset });
      if (!answer.ok) throw new Error(answer.message);
      return { ...answer.data, bytes: Buffer.from(answer.data.bytes).toString() };
    };
    expect(await ask(4)).toEqual({ stepId: 'step1', offset: 4, bytes: '456789', length: 10 });
    expect(await ask(-3)).toMatchObject({ offset: 7, bytes: '789' });
    expect(await ask(-99)).toMatchObject({ offset: 0, bytes: '0123456789' });
    expect(await ask(99)).toMatchObject({ offset: 10, bytes: '', length: 10 });
    harness.logs.set('step1', Buffer.alloc(1_000_000, 'x'));
    expect(await ask(0)).toMatchObject({ offset: 1_000_000 - 256 * 1024, length: 1_000_000 });
  });

  it('resumes after a reconnect without a gap and without a byte twice, while output goes on', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `line ${index}\n`);
    harness.logs.set('step1', Buffer.alloc(0));
    let next = 0;
    const timer = setInterval(() => {
      const line = lines[next];
      if (line !== undefined) harness.appendLog('job1', 'step1', Buffer.from(line));
      next += 1;
    }, 2);
    const first = harness.connect();
    await connected(first);
    const before = await watchLog(first, 0);
    await until(() => textOf(before).length > 1000);
    first.disconnect();
    const text = textOf(before);
    const second = harness.connect();
    await connected(second);
    const after = await watchLog(second, text.length);
    await until(() => text.length + textOf(after).length === lines.join('').length);
    clearInterval(timer);
    expect(text + textOf(after)).toBe(lines.join(''));
  });

  it('shows 100 lines a second with a p99 under 150 ms from append to receipt', async () => {
    harness.logs.set('step1', Buffer.alloc(0));
    const socket = harness.connect();
    await connected(socket);
    const latencies: number[] = [];
    socket.on('log:appended', (window) => {
      for (const line of Buffer.from(window.bytes).toString().trimEnd().split('\n'))
        latencies.push(performance.now() - Number(line));
    });
    await socket.emitWithAck('log:watch', { jobId: 'job1', stepId: 'step1', offset: 0 });
    for (let line = 0; line < 100; line += 1) {
      harness.appendLog('job1', 'step1', Buffer.from(`${performance.now()}\n`));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await until(() => latencies.length === 100);
    latencies.sort((a, b) => a - b);
    expect(latencies[50]).toBeLessThan(60);
    expect(latencies[98]).toBeLessThan(150);
  });

  it('survives 100,000 lines a second with one reader that reads nothing: bounded, skipped, caught up at the end', async () => {
    const connections: TcpSocket[] = [];
    harness.server.on('connection', (connection) => connections.push(connection));
    const [slow, fast] = [harness.connect(), harness.connect()];
    await Promise.all([connected(slow), connected(fast)]);
    harness.logs.set('step1', Buffer.alloc(0));
    const [slowWindows, fastWindows] = [await watchLog(slow, 0), await watchLog(fast, 0)];
    const raw = (slow.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;
    raw.pause();

    const whole = Buffer.alloc(15_000_000, `${'y'.repeat(99)}\n`);
    const chunk = 100_000; // 1,000 lines each 10 ms
    for (let offset = 0; offset < whole.length; offset += chunk) {
      harness.logs.set('step1', whole.subarray(0, offset + chunk));
      harness.gateway.publisher.logAppended(
        'job1',
        'step1',
        offset,
        whole.subarray(offset, offset + chunk),
        offset + chunk,
      );
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await until(() => fastWindows.at(-1)?.length === whole.length);
    const sent = fastWindows.slice(1);
    expect(Math.max(...sent.map((window) => window.bytes.byteLength))).toBeLessThanOrEqual(64 * 1024);
    expect(sent.some((window, index) => index > 0 && window.offset > endOf(sent[index - 1]))).toBe(true);
    expect(sent.every((window, index) => index === 0 || window.offset >= endOf(sent[index - 1]))).toBe(true);

    const waiting = Math.max(...connections.map((connection) => connection.writableLength));
    expect(waiting).toBeLessThan(1_500_000);
    raw.resume();
    await until(() => slowWindows.length > 1 && endOf(slowWindows.at(-1)) === whole.length);
  });
});

function endOf(window: LogWindow | undefined): number {
  return window ? window.offset + window.bytes.byteLength : -1;
}
