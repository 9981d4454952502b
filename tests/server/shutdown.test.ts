import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { installShutdown, type ShutdownStep } from '../../lib/server/shutdown';

function start(steps: ShutdownStep[]): {
  signals: EventEmitter;
  exits: number[];
  shutdown: ReturnType<typeof installShutdown>;
  errors: string[];
} {
  const signals = new EventEmitter();
  const exits: number[] = [];
  const errors: string[] = [];
  const logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (message: string) => void errors.push(message),
  };
  const shutdown = installShutdown({ steps, signals, exit: (code) => void exits.push(code), logger });
  return { signals, exits, shutdown, errors };
}

const tick = (durationMs = 5) => new Promise((resolve) => setTimeout(resolve, durationMs));

describe('installShutdown', () => {
  it('runs the steps one after the other and exits with 0', async () => {
    const order: string[] = [];
    const step = (name: string): ShutdownStep => ({
      name,
      timeoutMs: 1000,
      async run() {
        order.push(`${name} begins`);
        await tick();
        order.push(`${name} ends`);
      },
    });
    const { signals, exits } = start([step('worker'), step('database')]);
    signals.emit('SIGTERM');
    await tick(50);
    expect(order).toEqual(['worker begins', 'worker ends', 'database begins', 'database ends']);
    expect(exits).toEqual([0]);
  });

  it('goes on past a step that fails or hangs, says so, and exits with 1', async () => {
    const order: string[] = [];
    const { signals, exits, errors } = start([
      { name: 'broken', timeoutMs: 100, run: () => Promise.reject(new Error('x')) },
      {
        name: 'throws',
        timeoutMs: 100,
        run: () => {
          throw new Error('y');
        },
      },
      { name: 'hangs', timeoutMs: 10, run: () => new Promise(() => undefined) },
      { name: 'last', timeoutMs: 100, run: () => void order.push('last') },
    ]);
    signals.emit('SIGINT');
    await tick(60);
    expect(order).toEqual(['last']);
    expect(errors).toEqual(['shutdown: broken failed', 'shutdown: throws failed', 'shutdown: hangs failed']);
    expect(exits).toEqual([1]);
  });

  it('leaves at once at a second signal', () => {
    const { signals, exits } = start([{ name: 'slow', timeoutMs: 60_000, run: () => new Promise(() => undefined) }]);
    signals.emit('SIGINT');
    signals.emit('SIGINT');
    expect(exits).toEqual([130]);
  });

  it('runs its steps once, however often it is asked', async () => {
    let count = 0;
    const { shutdown, exits } = start([
      {
        name: 'once',
        timeoutMs: 100,
        run: () => {
          count += 1;
        },
      },
    ]);
    await Promise.all([shutdown.run(), shutdown.run()]);
    expect([count, exits]).toEqual([1, []]);
  });
});
