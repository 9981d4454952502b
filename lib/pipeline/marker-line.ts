import * as z from 'zod';
import { FAILURE_CODES, type Failure } from '../domain/failure';
import { LineTail } from '../domain/line-tail';
import type { Progress, ProgressParser } from '../domain/progress';

/*
 * Our own programs on a host talk to us in lines of their log: `quantdeck-progress: {json}` while they work,
 * `quantdeck-lane: free` when they only wait for the disk any more, `quantdeck-lane: measured` when what they measured is
 * done, and `quantdeck-failure: {json}` as their last words. Host output is hostile: anything that does not fit is ignored.
 */
/** How a line begins that says how far a program is. */
export const PROGRESS_MARK = 'quantdeck-progress: ';
const FAILURE = 'quantdeck-failure: ';
const LANE_FREE = 'quantdeck-lane: free';
const LANE_MEASURED = 'quantdeck-lane: measured';

/** A line of sh by which a script gives its lane away before it ends. */
export const FREE_LANE_LINE = `printf '${LANE_FREE}\\n'`;
/** The same for what only its measuring needed. */
export const MEASURED_LINE = `printf '${LANE_MEASURED}\\n'`;

const progressSchema = z.object({
  phase: z.string().max(80),
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
  unit: z.enum(['bytes', 'tensors', 'files', 'steps', 'tokens']),
  speedBytesPerSecond: z.number().nullish(),
  averageBytesPerSecond: z.number().nullish(),
  etaMs: z.number().nullish(),
  detail: z.string().max(300).nullish(),
});

const failureSchema = z.object({
  code: z.enum(FAILURE_CODES),
  message: z.string().max(2000),
  remedy: z.string().max(2000),
});

/** Reads the progress lines of our own host programs. */
export function markerProgress(): ProgressParser {
  const lines = new LineTail();
  return {
    push(text: string): Progress | null {
      const last = lines.push(text).findLast((line) => line.startsWith(PROGRESS_MARK));
      const parsed = last === undefined ? null : parseJson(progressSchema, last.slice(PROGRESS_MARK.length));
      if (parsed === null) return null;
      return {
        phase: parsed.phase,
        fraction: parsed.total === 0 ? null : Math.min(1, parsed.done / parsed.total),
        done: parsed.done,
        total: parsed.total,
        unit: parsed.unit,
        speedBytesPerSecond: parsed.speedBytesPerSecond ?? null,
        averageBytesPerSecond: parsed.averageBytesPerSecond ?? null,
        etaMs: parsed.etaMs ?? null,
        detail: parsed.detail ?? null,
      };
    },
  };
}

/** Waits for the lines of a script that gives its lane away, or a part of it; `push` says which was in what has arrived. */
export function markerLane(): { push(text: string): 'free' | 'measured' | null } {
  const lines = new LineTail();
  return {
    push(text) {
      const arrived = lines.push(text);
      if (arrived.includes(LANE_FREE)) return 'free';
      return arrived.includes(LANE_MEASURED) ? 'measured' : null;
    },
  };
}

/** The last words of one of our host programs, null when it left none. */
export function markerFailure(logTail: string): Failure | null {
  const line = logTail.split(/\r?\n/).findLast((one) => one.startsWith(FAILURE));
  const parsed = line === undefined ? null : parseJson(failureSchema, line.slice(FAILURE.length));
  return parsed === null ? null : { ...parsed, evidence: [], isTransient: false };
}

function parseJson<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
