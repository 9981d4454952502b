const MIB = 1024 * 1024;

/** Below this one connection with ssh2's own window is fastest; above, throughput is window / round trip. */
const NEAR_ROUND_TRIP_MS = 10;
/** Less than this is over before a second connection stands. */
const SMALL_BYTES = 8 * MIB;

/** How a range of bytes travels. */
export interface TransferPlan {
  readonly lanes: number;
  /** What one request asks for. */
  readonly segmentBytes: number;
  /** Requests a lane may have waiting: enough to fill its window while the next one is under way. */
  readonly requestsAhead: number;
  /** SSH channel window of a lane; null leaves ssh2's 2 MiB. */
  readonly windowBytes: number | null;
}

/**
 * Chooses lanes and windows. Measured with ssh2 at 0, 60 and 150 ms, free and with each TCP connection held to a small
 * window: four connections of 6 MiB were the robust start on every distant path, one with the default on a near one.
 */
export function planTransfer(roundTripMs: number, lengthBytes: number): TransferPlan {
  if (roundTripMs < NEAR_ROUND_TRIP_MS)
    return { lanes: 1, segmentBytes: 64 * MIB, requestsAhead: 2, windowBytes: null };
  if (lengthBytes <= SMALL_BYTES)
    return { lanes: 1, segmentBytes: SMALL_BYTES, requestsAhead: 1, windowBytes: 6 * MIB };
  return { lanes: 4, segmentBytes: 4 * MIB, requestsAhead: 3, windowBytes: 6 * MIB };
}
