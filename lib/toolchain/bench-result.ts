import * as z from 'zod';
import { LineTail } from '../domain/line-tail';
import type { Progress, ProgressParser } from '../domain/progress';

const rowSchema = z.object({
  build_commit: z.string(),
  backends: z.string(),
  cpu_info: z.string(),
  gpu_info: z.string(),
  model_type: z.string(),
  model_size: z.number(),
  model_n_params: z.number(),
  n_threads: z.number(),
  n_gpu_layers: z.number(),
  n_prompt: z.number(),
  n_gen: z.number(),
  avg_ts: z.number(),
  stddev_ts: z.number(),
});

type BenchRow = z.infer<typeof rowSchema>;

/** What llama-bench measured. Having one at all proves that the file loads with all its tensors and decodes. */
export interface BenchResult {
  /** Prompt processing (pp). Null when that test was not run. */
  readonly promptTokensPerSecond: number | null;
  /** Text generation (tg). Null when that test was not run. */
  readonly generationTokensPerSecond: number | null;
  readonly promptTokens: number | null;
  readonly generatedTokens: number | null;
  /** llama.cpp's own words, e.g. `llama 8B Q4_K - Medium`. */
  readonly modelType: string;
  /** Sum of the tensors, without the GGUF header. */
  readonly modelSizeBytes: number;
  readonly parameterCount: number;
  readonly backends: string;
  readonly cpu: string;
  readonly gpu: string;
  readonly threads: number;
  readonly buildCommit: string;
}

/** Reads `llama-bench -o jsonl` output, also when its log lines are mixed in. Null when no test was finished. */
export function parseBenchOutput(output: string): BenchResult | null {
  const rows = output
    .split('\n')
    .map(readRow)
    .filter((row) => row !== null);
  const first = rows[0];
  if (first === undefined) return null;
  const prompt = rows.findLast((row) => row.n_prompt > 0 && row.n_gen === 0);
  const generation = rows.findLast((row) => row.n_gen > 0 && row.n_prompt === 0);
  return {
    promptTokensPerSecond: prompt?.avg_ts ?? null,
    generationTokensPerSecond: generation?.avg_ts ?? null,
    promptTokens: prompt?.n_prompt ?? null,
    generatedTokens: generation?.n_gen ?? null,
    modelType: first.model_type,
    modelSizeBytes: first.model_size,
    parameterCount: first.model_n_params,
    backends: first.backends,
    cpu: first.cpu_info,
    gpu: first.gpu_info,
    threads: first.n_threads,
    buildCommit: first.build_commit,
  };
}

/** Counts finished tests; llama-bench says nothing in between. By default two: prompt processing and generation. */
export function createBenchProgress(testCount = 2): ProgressParser {
  const lines = new LineTail();
  let done = 0;
  return {
    push(text): Progress | null {
      const rows = lines
        .push(text)
        .map(readRow)
        .filter((row) => row !== null);
      const last = rows.at(-1);
      if (last === undefined) return null;
      done += rows.length;
      return {
        phase: 'loading and running the model',
        fraction: Math.min(1, done / testCount),
        done,
        total: Math.max(done, testCount),
        unit: 'steps',
        speedBytesPerSecond: null,
        etaMs: null,
        detail: `${last.avg_ts.toFixed(1)} tokens per second (${last.n_gen > 0 ? 'generation' : 'prompt'})`,
      };
    },
  };
}

function readRow(line: string): BenchRow | null {
  if (!line.startsWith('{')) return null;
  try {
    return rowSchema.parse(JSON.parse(line));
  } catch {
    return null; // a log line that happens to begin with a brace
  }
}
