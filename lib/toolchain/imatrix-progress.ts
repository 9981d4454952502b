import type { Progress, ProgressParser } from '../domain/progress';
import { SteadyRate } from './steady-rate';

const PLAN = /computing over (\d+) chunks/;
/** `[3]52240.0423,`: the running perplexity, printed once a chunk and without a line end. */
const CHUNK = /\[(\d+)\]\d+\.\d+/g;
/** Enough to see a marker that two chunks of output share. */
const KEPT_CHARACTERS = 256;

/** Reads llama-imatrix: how many chunks of the calibration text have been computed. */
export function createImatrixProgress(): ProgressParser {
  const rate = new SteadyRate();
  let tail = '';
  let total = 0;
  let done = 0;
  return {
    push(text, atMs): Progress | null {
      const seen = tail + text;
      tail = seen.slice(-KEPT_CHARACTERS);
      total = Number(PLAN.exec(seen)?.[1] ?? total);
      const newest = Number([...seen.matchAll(CHUNK)].at(-1)?.[1] ?? done);
      if (total === 0 || newest === done) return null;
      done = Math.min(newest, total);
      rate.add(atMs, done);
      return {
        phase: 'measuring which weights matter',
        fraction: done / total,
        done,
        total,
        unit: 'steps',
        speedBytesPerSecond: null,
        etaMs: rate.etaMs(total),
        detail: null,
      };
    },
  };
}
