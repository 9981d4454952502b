import * as z from 'zod';
import { FAILURE_CODES, type Failure } from '../domain/failure';
import { LineTail } from '../domain/line-tail';
import type { Progress, ProgressParser } from '../domain/progress';

/*
 * Our own programs on a host talk to us in lines of their log: `quantdeck-progress: {json}` while they work,
 * `quantdeck-lane: free` when they only wait for the disk any more, and `quantdeck-failure: {json}` as their last words. Host output is hostile: anything that does not fit is ignored.
 */
const PROGRESS = 'quantdeck-progress: ';
const FAILURE = 'quantdeck-failure: ';
const LANE_FREE = 'quantdeck-lane: free';

/** A line of sh by which a script gives its lane away before it ends. */
export const FREE_LANE_LINE = `printf '${LANE_FREE}\\n'`;

const progressSchema = z.object({
  phase: z.string().max(80),
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
  unit: z.enum(['bytes', 'tensors', 'files', 'steps', 'tokens']),
  speedBytesPerSecond: z.number().nullish(),
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
      const last = lines.push(text).findLast((line) => line.startsWith(PROGRESS));
      const parsed = last === undefined ? null : parseJson(progressSchema, last.slice(PROGRESS.length));
      if (parsed === null) return null;
      return {
        phase: parsed.phase,
        fraction: parsed.total === 0 ? null : Math.min(1, parsed.done / parsed.total),
        done: parsed.done,
        total: parsed.total,
        unit: parsed.unit,
        speedBytesPerSecond: parsed.speedBytesPerSecond ?? null,
        etaMs: parsed.etaMs ?? null,
        detail: parsed.detail ?? null,
      };
    },
  };
}

/** Waits for the line of a script that gives its lane away; `push` says whether it was in what has arrived. */
export function markerLane(): { push(text: string): boolean } {
  const lines = new LineTail();
  return { push: (text) => lines.push(text).includes(LANE_FREE) };
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
