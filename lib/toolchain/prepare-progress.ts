import * as z from 'zod';
import { LineTail } from '../domain/line-tail';
import type { Progress, ProgressParser } from '../domain/progress';

const MARKER = 'quantdeck-progress: ';

/** Share of the whole preparation, from a cold run of 113 s on two cores: [begin, end] of each phase and its words. */
const PHASES: Record<string, { readonly from: number; readonly to: number; readonly words: string }> = {
  download: { from: 0.01, to: 0.08, words: 'fetching llama.cpp' },
  compile: { from: 0.08, to: 0.3, words: 'compiling llama.cpp' },
  'python-resolve': { from: 0.3, to: 0.5, words: 'choosing Python packages' },
  'python-install': { from: 0.5, to: 0.92, words: 'installing Python packages' },
  verify: { from: 0.92, to: 1, words: 'proving that it runs' },
};

const lineSchema = z.object({
  phase: z.string(),
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
  unit: z.enum(['bytes', 'tensors', 'files', 'steps', 'tokens']),
});

/** Reads the `quantdeck-progress:` lines of prepare-toolchain.sh. Phases are too uneven for an honest ETA. */
export function createPrepareProgress(): ProgressParser {
  const lines = new LineTail();
  let furthest = 0;
  return {
    push(text) {
      let newest: Progress | null = null;
      for (const line of lines.push(text)) {
        const reading = readLine(line);
        if (reading === null) continue;
        furthest = Math.max(furthest, reading.fraction ?? 0);
        newest = { ...reading, fraction: furthest };
      }
      return newest;
    },
  };
}

function readLine(line: string): Progress | null {
  if (!line.startsWith(MARKER)) return null;
  let parsed: z.infer<typeof lineSchema>;
  try {
    parsed = lineSchema.parse(JSON.parse(line.slice(MARKER.length)));
  } catch {
    return null; // a line cut by another process writing at the same time: the next one tells the same
  }
  const phase = PHASES[parsed.phase];
  const inPhase = parsed.total === 0 ? 1 : Math.min(1, parsed.done / parsed.total);
  return {
    phase: phase?.words ?? parsed.phase,
    fraction: phase === undefined ? null : phase.from + (phase.to - phase.from) * inPhase,
    done: parsed.done,
    total: parsed.total,
    unit: parsed.unit,
    speedBytesPerSecond: null,
    etaMs: null,
    detail: null,
  };
}
