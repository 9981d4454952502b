import type { LiveLogger, LivePublisher } from './live-publisher';

/** One row of the outbox: this thing changed. */
export interface OutboxEntry {
  readonly sequence: number;
  readonly topic: string;
  readonly subjectId: string;
}

export interface OutboxFollower {
  /** Look now: a command of the web side just wrote something. */
  wake(): void;
  stop(): Promise<void>;
}

/**
 * Reads the outbox on and tells the publisher what changed, so that changes by the web side reach browsers too. What the
 * worker told the publisher already is told twice; the publisher coalesces it.
 *
 * @param options.startAfter the newest sequence at start: what changed before is not news.
 * @param options.readOutbox rows after a sequence, ascending, a bounded number at a time.
 */
export function createOutboxFollower(options: {
  readonly readOutbox: (after: number) => Promise<readonly OutboxEntry[]>;
  readonly publisher: LivePublisher;
  readonly startAfter: number;
  readonly logger: LiveLogger;
  readonly intervalMs?: number;
}): OutboxFollower {
  const nap = new Nap(options.intervalMs ?? 500);
  let after = options.startAfter;
  let isStopped = false;

  /** True when there may be more right now. */
  async function readOnce(): Promise<boolean> {
    const before = after;
    try {
      const entries = await options.readOutbox(after);
      for (const entry of entries) {
        after = Math.max(after, entry.sequence);
        announce(options.publisher, entry);
      }
      return after > before;
    } catch (error) {
      options.logger.error('the outbox could not be read', error, { after });
      return false;
    }
  }

  async function follow(): Promise<void> {
    while (!isStopped) {
      nap.begin();
      if (!(await readOnce())) await nap.sleep();
    }
  }

  const done = follow();
  return {
    wake: () => nap.interrupt(),
    stop() {
      isStopped = true;
      nap.interrupt();
      return done;
    },
  };
}

/** A pause between two looks. An interruption counts from `begin` on, so that none is lost while the look still runs. */
class Nap {
  readonly #intervalMs: number;
  #isInterrupted = false;
  #end: (() => void) | null = null;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  begin(): void {
    this.#isInterrupted = false;
  }

  async sleep(): Promise<void> {
    if (this.#isInterrupted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#intervalMs);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#end = null;
  }

  interrupt(): void {
    this.#isInterrupted = true;
    this.#end?.();
  }
}

/** Topics are `job`, `instance`, `artifact` and `rental`; others are for other readers. */
function announce(publisher: LivePublisher, entry: OutboxEntry): void {
  if (entry.topic === 'job') publisher.jobChanged(entry.subjectId);
  else if (entry.topic === 'instance') publisher.instanceChanged(entry.subjectId);
  else if (entry.topic === 'artifact') publisher.artifactChanged(entry.subjectId);
  else if (entry.topic === 'rental') publisher.rentalsChanged();
}
