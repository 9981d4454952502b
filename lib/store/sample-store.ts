import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { HostSample } from '../domain/sample';
import { sampleFile } from './data-layout';
import { runtime } from './runtime';

/** What a crash may lose. */
const WRITE_EVERY_MS = 800;

const waiting = new Map<string, string[]>();
/** Files that this process has written to. */
const seen = new Set<string>();
let writing: Promise<void> = Promise.resolve();
let timer: NodeJS.Timeout | null = null;
let failure: { readonly error: unknown } | null = null;

/**
 * Keeps a sample, as a line of JSON in one file a job. Lines are written together a little later: a write of its own for
 * every second of every job would wake the disk for nothing. For the server's worker alone, because what is waiting is
 * kept in this module. Rejects when an earlier batch could not be written.
 */
export async function appendSample(jobId: string, sample: HostSample): Promise<void> {
  const file = sampleFile(runtime().dataFolder, jobId);
  const lines = waiting.get(file) ?? [];
  lines.push(JSON.stringify(sample));
  waiting.set(file, lines);
  timer ??= setTimeout(flushLater, WRITE_EVERY_MS);
  const earlier = failure;
  failure = null;
  if (earlier !== null) throw earlier.error;
}

/** Writes what is waiting; for shutdown, before the runtime goes. */
export function flushSamples(): Promise<void> {
  if (timer) clearTimeout(timer);
  timer = null;
  const batches = [...waiting];
  waiting.clear();
  const written = writing.then(() => writeBatches(batches));
  writing = written.catch(() => undefined);
  return written;
}

/** Nobody waits for a batch; the next sample tells of its failure. */
function flushLater(): void {
  flushSamples().catch((error: unknown) => {
    failure = { error };
  });
}

async function writeBatches(batches: readonly (readonly [string, readonly string[]])[]): Promise<void> {
  for (const [file, lines] of batches) {
    // A crash may have cut the file's last line off; the first batch of this process begins on a line of its own.
    await appendLines(file, `${seen.has(file) ? '' : '\n'}${lines.join('\n')}\n`);
    seen.add(file);
  }
}

async function appendLines(file: string, text: string): Promise<void> {
  try {
    await appendFile(file, text, { mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await appendFile(file, text, { mode: 0o600 });
  }
}
