import { pickFrom, seededRandom } from '../seeded-random';

/** What can go wrong between a client and vast. `reply-lost` and `slow` do what was asked; the others do not. */
export const FAKE_FAULT_KINDS = [
  'rate-limit-text',
  'rate-limit-json',
  'rate-limit-header',
  'server-error',
  'web-page',
  'malformed',
  'hang-up',
  'refused',
  'reply-lost',
  'slow',
] as const;
export type FakeFaultKind = (typeof FAKE_FAULT_KINDS)[number];

export interface FakeFault {
  readonly kind: FakeFaultKind;
  /** Looks at method and path: `PUT /api/v0/asks/123/`. Absent means every request. */
  readonly match?: RegExp;
  /** How often; absent means always. */
  readonly times?: number;
  /** 0..1, absent means 1. */
  readonly probability?: number;
  /** For `server-error`; 503 when absent. */
  readonly status?: number;
  /** For `slow`: time of ours before the answer comes. */
  readonly delayMs?: number;
}

/** Deals out the faults that a test asked for, the same ones for the same seed. */
export class FakeFaults {
  #rules: { fault: FakeFault; left: number }[] = [];
  #random = seededRandom(1);
  /** How often each kind was dealt. */
  readonly counts = new Map<FakeFaultKind, number>();

  set(faults: readonly FakeFault[], seed = 1): void {
    this.#rules = faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
    this.#random = seededRandom(seed);
  }

  /** A storm of everything, on this share of all requests. */
  storm(seed: number, probability: number): void {
    const random = seededRandom(seed);
    const faults = FAKE_FAULT_KINDS.map((kind) => ({
      kind,
      probability: probability / FAKE_FAULT_KINDS.length,
      status: pickFrom(random, [500, 502, 503, 504]),
      delayMs: 20,
    }));
    this.set(faults, seed);
  }

  /** The fault for this request, if any; taking it counts it down. */
  take(request: string): FakeFault | null {
    for (const rule of this.#rules) {
      const { fault } = rule;
      if (rule.left <= 0 || !(fault.match ?? /./).test(request)) continue;
      if (fault.probability !== undefined && this.#random() >= fault.probability) continue;
      rule.left -= 1;
      this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
      return fault;
    }
    return null;
  }
}
