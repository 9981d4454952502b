import { countNewlines } from './count-newlines';

/** The address of a step's log. */
export function logUrl(jobId: string, stepId: string): string {
  return `/api/v1/jobs/${encodeURIComponent(jobId)}/steps/${encodeURIComponent(stepId)}/log`;
}

export interface FetchedLog {
  readonly bytes: Uint8Array;
  /** Length of the whole log at that moment. */
  readonly length: number;
}

/** Reads at most `maxBytes` of a log from `offset` on. The answer is read as it comes and cut off there. */
export async function fetchLogRange(
  url: string,
  offset: number,
  maxBytes: number,
  signal: AbortSignal,
): Promise<FetchedLog> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const length = await readLog(`${url}?offset=${offset}&limit=${maxBytes}`, signal, (chunk) => {
    chunks.push(chunk.subarray(0, maxBytes - size));
    size += Math.min(chunk.length, maxBytes - size);
    return size < maxBytes;
  });
  const bytes = new Uint8Array(size);
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return { bytes, length };
}

/** Counts the lines between two offsets without keeping them, so that a window can number its own. */
export async function countLogLines(url: string, from: number, to: number, signal: AbortSignal): Promise<number> {
  let position = from;
  let count = 0;
  while (position < to) {
    const before = position;
    await readLog(`${url}?offset=${position}&limit=${to - position}`, signal, (chunk) => {
      const part = chunk.subarray(0, to - position);
      count += countNewlines(part);
      position += part.length;
      return position < to;
    });
    if (position === before) throw new Error(`the log ended at ${position}, before ${to}`);
  }
  return count;
}

async function readLog(address: string, signal: AbortSignal, take: (chunk: Uint8Array) => boolean): Promise<number> {
  const response = await fetch(address, { signal });
  if (!response.ok || !response.body) throw new Error(`log: HTTP ${response.status}`);
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!take(value)) {
      await reader.cancel();
      break;
    }
  }
  return Number(response.headers.get('X-Log-Length') ?? 0);
}

export interface LogMatch {
  /** Where the match is, bytes. */
  readonly offset: number;
  /** Where its line begins, bytes. */
  readonly lineOffset: number;
  readonly line: string;
}

/** Searches the whole log on the server. */
export async function searchLog(
  url: string,
  query: string,
  signal: AbortSignal,
): Promise<{ matches: readonly LogMatch[]; truncated: boolean }> {
  const response = await fetch(`${url}/search?q=${encodeURIComponent(query)}`, { signal });
  if (!response.ok) throw new Error(`search: HTTP ${response.status}`);
  return (await response.json()) as { matches: readonly LogMatch[]; truncated: boolean };
}

/** What errors look like in the output of Python, compilers, llama.cpp and the kernel. */
const ERROR_WORDS = [
  'Traceback (most recent call last)',
  'error:',
  'Error:',
  'failed to',
  'fatal',
  'Killed',
  'No space left',
];

/** The first line that looks like an error, or null. */
export async function findFirstError(url: string, signal: AbortSignal): Promise<LogMatch | null> {
  const answers = await Promise.all(ERROR_WORDS.map((word) => searchLog(url, word, signal)));
  const firsts = answers.flatMap((answer) => answer.matches.slice(0, 1));
  return firsts.reduce<LogMatch | null>(
    (first, match) => (first && first.offset <= match.offset ? first : match),
    null,
  );
}
