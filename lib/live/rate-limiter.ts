export interface RateLimiter {
  /** True when one more is allowed now. */
  take(): boolean;
  /** How many were refused since the start. */
  readonly refusedCount: number;
}

/** A token bucket: `perSecond` on average, as many at once. */
export function createRateLimiter(perSecond: number, now: () => number = () => performance.now()): RateLimiter {
  let tokens = perSecond;
  let atMs = now();
  let refused = 0;
  return {
    take() {
      const nowMs = now();
      tokens = Math.min(perSecond, tokens + ((nowMs - atMs) * perSecond) / 1000);
      atMs = nowMs;
      if (tokens < 1) {
        refused += 1;
        return false;
      }
      tokens -= 1;
      return true;
    },
    get refusedCount() {
      return refused;
    },
  };
}
