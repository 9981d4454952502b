export interface Coalescer {
  /** Asks for a run of this key: at once when it was quiet, else once more after the interval. */
  poke(key: string): void;
  close(): void;
}

/**
 * Runs an action for a key at most once per interval and never twice at a time, and always once more after the last
 * poke: the newest state is never left unsent.
 */
export function createCoalescer(options: {
  readonly minIntervalMs: number;
  readonly run: (key: string) => void | Promise<void>;
  readonly onError: (key: string, error: unknown) => void;
}): Coalescer {
  const states = new Map<string, { isDirty: boolean; timer: NodeJS.Timeout | null }>();
  let isClosed = false;

  async function start(key: string): Promise<void> {
    const state: { isDirty: boolean; timer: NodeJS.Timeout | null } = { isDirty: false, timer: null };
    states.set(key, state);
    try {
      await options.run(key);
    } catch (error) {
      options.onError(key, error);
    }
    if (isClosed) return;
    state.timer = setTimeout(() => {
      states.delete(key);
      if (state.isDirty) void start(key);
    }, options.minIntervalMs);
  }

  return {
    poke(key) {
      if (isClosed) return;
      const state = states.get(key);
      if (state) state.isDirty = true;
      else void start(key);
    },
    close() {
      isClosed = true;
      for (const { timer } of states.values()) if (timer) clearTimeout(timer);
      states.clear();
    },
  };
}
