import * as z from 'zod';

const lineSchema = z.object({ type: z.literal('log'), level: z.string(), msg: z.string() });
// The tool's own log lines: `0.00.030.398 I text`. What has no such stamp is the model's text.
const STAMPED = /^\d+\.\d\d\.\d{3}\.\d{3} [A-Z] ?/;
const EVALUATION = /common_perf_print: +(prompt eval|eval) time = .*?([\d.]+) tokens per second/g;

/** What llama-completion wrote. */
export interface CompletionOutput {
  /** Prompt and continuation as the tool prints them, trimmed. */
  readonly text: string;
  /** Number of pieces the text came in; null for plain output, where they cannot be told apart. */
  readonly pieces: number | null;
  readonly promptTokensPerSecond: number | null;
  readonly generationTokensPerSecond: number | null;
}

/**
 * Reads llama-completion's output: with `--log-jsonl` (every piece of text is a line of level "none") or plain. Prefer
 * the first: in plain output that was written into one file the text cannot be told from an unstamped log line.
 */
export function parseCompletionOutput(output: string): CompletionOutput {
  const lines = output.split('\n');
  const records = lines.map(readRecord).filter((record) => record !== null);
  const pieces = records.filter((record) => record.level === 'none' && record.msg !== '').map((record) => record.msg);
  const isJson = records.length > 0;
  const log = isJson ? records.map((record) => record.msg).join('') : output;
  const plain = lines.filter(
    (line) => !STAMPED.test(line) && !line.startsWith('\t') && !line.startsWith('load_backend: '),
  );
  const rates = new Map([...log.matchAll(EVALUATION)].map((match) => [match[1], Number(match[2])]));
  return {
    text: (isJson ? pieces.join('') : plain.join('\n')).trim(),
    pieces: isJson ? pieces.length : null,
    promptTokensPerSecond: rates.get('prompt eval') ?? null,
    generationTokensPerSecond: rates.get('eval') ?? null,
  };
}

function readRecord(line: string): z.infer<typeof lineSchema> | null {
  if (!line.startsWith('{"type":"log"')) return null;
  const parsed = lineSchema.safeParse(safeJson(line));
  return parsed.success ? parsed.data : null;
}

function safeJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // the last line of a log that is still being written
  }
}
