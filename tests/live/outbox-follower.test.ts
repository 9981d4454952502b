import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCoalescer } from '../../lib/live/coalescer';
import { createOutboxFollower, type OutboxEntry, type OutboxFollower } from '../../lib/live/outbox-follower';
import { until } from './gateway-harness';

let follower: OutboxFollower | null = null;
afterEach(async () => {
  vi.useRealTimers();
  await follower?.stop();
});

function recorder(): { calls: string[]; publisher: Parameters<typeof createOutboxFollower>[0]['publisher'] } {
  const calls: string[] = [];
  return {
    calls,
    publisher: {
      jobChanged: (id) => void calls.push(`job ${id}`),
      instanceChanged: (id) => void calls.push(`instance ${id}`),
      artifactChanged: (id) => void calls.push(`artifact ${id}`),
      rentalsChanged: () => void calls.push('rentals'),
      logAppended: () => undefined,
      stepProgressed: () => undefined,
      sampled: () => undefined,
    },
  };
}

describe('createOutboxFollower', () => {
  it('announces each change once, in order, from where it was told to start', async () => {
    const rows: OutboxEntry[] = [
      { sequence: 1, topic: 'job', subjectId: 'old' },
      { sequence: 2, topic: 'job', subjectId: 'a' },
      { sequence: 3, topic: 'instance', subjectId: 'b' },
      { sequence: 4, topic: 'artifact', subjectId: 'c' },
      { sequence: 5, topic: 'something-else', subjectId: 'd' },
      { sequence: 6, topic: 'rental', subjectId: 'f' },
    ];
    const { calls, publisher } = recorder();
    const readOutbox = async (after: number) => rows.filter((row) => row.sequence > after).slice(0, 2);
    follower = createOutboxFollower({ readOutbox, publisher, startAfter: 1, logger: silent, intervalMs: 5 });
    await until(() => calls.length === 4);
    rows.push({ sequence: 7, topic: 'job', subjectId: 'e' });
    await until(() => calls.length === 5);
    expect(calls).toEqual(['job a', 'instance b', 'artifact c', 'rentals', 'job e']);
  });

  it('looks at once when woken, not at the next interval', async () => {
    const rows: OutboxEntry[] = [];
    const { calls, publisher } = recorder();
    const readOutbox = async (after: number) => rows.filter((row) => row.sequence > after);
    follower = createOutboxFollower({ readOutbox, publisher, startAfter: 0, logger: silent, intervalMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    rows.push({ sequence: 1, topic: 'job', subjectId: 'a' });
    follower.wake();
    await until(() => calls.length === 1, 500);
  });

  it('goes on after the database could not be read', async () => {
    let failures = 2;
    const { calls, publisher } = recorder();
    const readOutbox = async (after: number) => {
      if (failures-- > 0) throw new Error('busy');
      return after === 0 ? [{ sequence: 1, topic: 'job', subjectId: 'a' }] : [];
    };
    follower = createOutboxFollower({ readOutbox, publisher, startAfter: 0, logger: silent, intervalMs: 5 });
    await until(() => calls.length === 1);
  });
});

describe('createCoalescer', () => {
  it('never runs a key twice at a time, and always once more after the last poke', async () => {
    vi.useFakeTimers();
    let running = 0;
    let overlapped = false;
    let value = 0;
    const seen: number[] = [];
    const coalescer = createCoalescer({
      minIntervalMs: 10,
      onError: () => undefined,
      run: async () => {
        running += 1;
        overlapped ||= running > 1;
        const read = value;
        await new Promise((resolve) => setTimeout(resolve, 15));
        seen.push(read);
        running -= 1;
        if (seen.length === 1) throw new Error('a failed run must not end the key');
      },
    });
    for (value = 1; value <= 20; value += 1) {
      coalescer.poke('k');
      await vi.advanceTimersByTimeAsync(4);
    }
    value = 99;
    coalescer.poke('k');
    await vi.advanceTimersByTimeAsync(100);
    coalescer.close();
    expect(seen.at(-1)).toBe(99);
    expect(overlapped).toBe(false);
    expect(seen.length).toBeLessThan(10);
  });
});

const silent = { warn: () => undefined, error: () => undefined };
