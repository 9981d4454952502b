/** How vast tells that requests came too fast; all of these were seen. */
export type RateLimitStyle = 'text' | 'json' | 'header';

export interface RateLimitAnswer {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A least time between requests, for each key, method and route. */
export class FakeRateLimiter {
  readonly #allowedAtMs = new Map<string, number>();
  isOff = false;
  style: RateLimitStyle = 'text';

  /** Null when the request may pass. Where there is a penalty, coming too early costs that much again. */
  check(identity: string, thresholdSeconds: number, penaltySeconds: number, nowMs: number): RateLimitAnswer | null {
    if (this.isOff) return null;
    const allowedAtMs = this.#allowedAtMs.get(identity) ?? 0;
    if (nowMs < allowedAtMs) {
      if (penaltySeconds > 0) this.#allowedAtMs.set(identity, nowMs + penaltySeconds * 1000);
      const waitSeconds = Math.ceil(((this.#allowedAtMs.get(identity) ?? 0) - nowMs) / 1000);
      return rateLimitAnswer(this.style, thresholdSeconds, waitSeconds);
    }
    this.#allowedAtMs.set(identity, nowMs + thresholdSeconds * 1000);
    return null;
  }
}

export function rateLimitAnswer(style: RateLimitStyle, thresholdSeconds: number, waitSeconds: number): RateLimitAnswer {
  const text = `API requests too frequent: endpoint threshold=${thresholdSeconds}`;
  if (style === 'text') return { body: text, headers: { 'content-type': 'text/plain' } };
  const headers = { 'content-type': 'application/json' };
  if (style === 'json') return { body: JSON.stringify({ detail: text, retry_after: waitSeconds }), headers };
  return { body: JSON.stringify({ detail: text }), headers: { ...headers, 'retry-after': String(waitSeconds) } };
}
