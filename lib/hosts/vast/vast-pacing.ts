import { FailureError } from '../../domain/failure';
import type { VastConnection } from './vast-connection';
import type { VastRoute } from './vast-routes';

/** A little slower than allowed. */
const MARGIN = 1.2;
const FIRST_PAUSE_MS = 2000;
const MOST_PAUSE_MS = 60_000;
/** Whoever would have to wait longer is told so. */
const MOST_WAIT_MS = 180_000;

interface Lane {
  /** Ends when the request before has been answered. */
  last: Promise<void>;
  waiting: number;
  freeAtMs: number;
  /** Refusals in a row. */
  complaints: number;
}

/**
 * Keeps requests apart as vast wants them, and further apart after it complained. Each route has a lane with one request
 * at a time: counted from an answer, the time between two arrivals can never be too short, whatever the network does.
 */
export class VastPacing {
  readonly #connection: VastConnection;
  readonly #lanes = new Map<string, Lane>();

  constructor(connection: VastConnection) {
    this.#connection = connection;
  }

  /** Sends when it may. @throws `rental-rate-limited` at once when that is minutes away. */
  async run<T>(route: VastRoute, send: () => Promise<T>): Promise<T> {
    const { clock } = this.#connection;
    const lane = this.#laneOf(route);
    const waitMs = Math.max(0, lane.freeAtMs - clock.nowMs()) + lane.waiting * route.thresholdMs * MARGIN;
    if (waitMs > MOST_WAIT_MS) throw tooBusy(route, waitMs);
    const before = lane.last;
    let release = () => {};
    lane.last = new Promise((resolve) => {
      release = resolve;
    });
    lane.waiting += 1;
    try {
      await before;
      const leftMs = lane.freeAtMs - clock.nowMs();
      if (leftMs > 0) await clock.sleep(leftMs);
      return await send();
    } finally {
      lane.waiting -= 1;
      lane.freeAtMs = Math.max(lane.freeAtMs, clock.nowMs() + route.thresholdMs * MARGIN);
      release();
    }
  }

  /** It went through: the pauses begin small again. */
  succeeded(route: VastRoute): void {
    this.#laneOf(route).complaints = 0;
  }

  /**
   * Vast refused or failed: nothing of this route for a while, longer each time.
   * @param askedMs what it asked for, null when it did not
   */
  refused(route: VastRoute, askedMs: number | null): void {
    const { clock, random } = this.#connection;
    const lane = this.#laneOf(route);
    const pauseMs = Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** lane.complaints) * (1 + random() / 4);
    lane.complaints += 1;
    lane.freeAtMs = Math.max(lane.freeAtMs, clock.nowMs() + Math.max(pauseMs, askedMs ?? 0));
  }

  #laneOf({ method, name }: VastRoute): Lane {
    const key = `${method} ${name}`;
    const lane = this.#lanes.get(key) ?? { last: Promise.resolve(), waiting: 0, freeAtMs: 0, complaints: 0 };
    this.#lanes.set(key, lane);
    return lane;
  }
}

function tooBusy({ method, name }: VastRoute, waitMs: number): FailureError {
  const seconds = Math.ceil(waitMs / 1000);
  return new FailureError('rental-rate-limited', `vast.ai allows the next request of this kind in ${seconds} s.`, {
    remedy: 'Wait, then try again.',
    evidence: [`${method} ${name}: next in ${seconds} s`],
    isTransient: true,
  });
}
