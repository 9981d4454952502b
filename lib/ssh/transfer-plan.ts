const MIB = 1024 * 1024;

/** Below this one connection with ssh2's own window is fastest; above, throughput is window / round trip. */
const NEAR_ROUND_TRIP_MS = 10;
/** Less than this is over before a second connection stands. */
const SMALL_BYTES = 8 * MIB;

/** Bytes of segments that may wait in memory for an earlier one, whatever the number of lanes: 64 MiB. */
const MOST_SEGMENTS_AHEAD = 16;
const MOST_REQUESTS_AHEAD = 3;
const FAR_LANES = 4;
const MOST_LANES = 8;

/** How a range of bytes travels. */
export interface TransferPlan {
  readonly lanes: number;
  /** How many there may become when that gains. */
  readonly mostLanes: number;
  /** What one request asks for. */
  readonly segmentBytes: number;
  /** Segments that may be under way beyond the first unfinished one. */
  readonly segmentsAhead: number;
  /** SSH channel window of a lane; null leaves ssh2's 2 MiB. */
  readonly windowBytes: number | null;
}

/**
 * Chooses lanes and windows. Measured with ssh2 at 0, 60 and 150 ms, free and with each TCP connection held to a small
 * window: four connections of 6 MiB were the robust start on every distant path and eight gained on some, one with the
 * default on a near one.
 * @param bestLanes what an earlier transfer to the same host found best.
 */
export function planTransfer(roundTripMs: number, lengthBytes: number, bestLanes: number | null = null): TransferPlan {
  const one = { lanes: 1, mostLanes: 1 };
  if (roundTripMs < NEAR_ROUND_TRIP_MS) return { ...one, segmentBytes: 64 * MIB, segmentsAhead: 2, windowBytes: null };
  if (lengthBytes <= SMALL_BYTES) return { ...one, segmentBytes: SMALL_BYTES, segmentsAhead: 1, windowBytes: 6 * MIB };
  return {
    lanes: bestLanes ?? FAR_LANES,
    mostLanes: bestLanes ?? MOST_LANES,
    segmentBytes: 4 * MIB,
    segmentsAhead: MOST_SEGMENTS_AHEAD,
    windowBytes: 6 * MIB,
  };
}

/** Requests that each of so many lanes may have waiting: enough to fill its window while the next one is under way. */
export function requestsAhead(plan: TransferPlan, lanes: number): number {
  return Math.max(1, Math.min(MOST_REQUESTS_AHEAD, Math.floor(plan.segmentsAhead / lanes)));
}
