import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { EncodeRequest, EncodeText } from '../model/tokenizer-problem';

export interface EncoderLimits {
  /** The largest tokenizer in use, Gemma's, takes 2.5 seconds of one slow core. */
  readonly timeoutMs: number;
  /** What the thread's JavaScript may hold; 256 are enough for Gemma's. */
  readonly memoryMb: number;
}

const USUAL_LIMITS: EncoderLimits = { timeoutMs: 20_000, memoryMb: 512 };
/** An id list this long is not what a text of a few hundred characters gives. */
const MAX_IDS = 100_000;

/**
 * What the thread runs. Text and not a file: the server is bundled into one file, which has no neighbours to start a
 * thread from. The library is found by this side and named by its path.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { Tokenizer } = require(workerData.library);
const definition = JSON.parse(Buffer.from(workerData.json).toString('utf8'));
const tokenizer = new Tokenizer({ ...definition, ...workerData.replaced }, {});
parentPort.postMessage(tokenizer.encode(workerData.text).ids);
`;

/**
 * Tokenizes in a thread that is ended when it takes too long or too much memory. Answers null then, and for a file that
 * the library cannot use; a file never stops the dashboard.
 */
export function createThreadEncoder(limits: EncoderLimits = USUAL_LIMITS): EncodeText {
  const require = createRequire(import.meta.url);
  const library = require.resolve('@huggingface/tokenizers');
  let last: Promise<unknown> = Promise.resolve();
  const known = new Map<string, Promise<readonly number[] | null>>();
  return (request) => {
    const key = keyOf(request);
    const before = known.get(key);
    if (before) return before;
    // One after the other: two of the largest at a time are too much for a small machine.
    const run = last.then(() => encodeInThread(library, request, limits));
    last = run;
    remember(known, key, run);
    return run;
  };
}

/** A check looks at the same tokenizer up to three times: as it is, with evidence, and as it will be after a repair. */
const MOST_REMEMBERED = 16;

function remember(
  known: Map<string, Promise<readonly number[] | null>>,
  key: string,
  run: Promise<readonly number[] | null>,
): void {
  known.set(key, run);
  const [oldest] = known.keys();
  if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
  // What was given up may only have met a busy machine.
  void run.then((ids) => {
    if (ids === null) known.delete(key);
  });
}

function keyOf({ json, replaced, text }: EncodeRequest): string {
  return createHash('sha256')
    .update(json)
    .update(`\n${JSON.stringify([replaced, text])}`)
    .digest('hex');
}

function encodeInThread(
  library: string,
  { json, replaced, text }: EncodeRequest,
  { timeoutMs, memoryMb }: EncoderLimits,
): Promise<readonly number[] | null> {
  return new Promise((resolve) => {
    const worker = new Worker(PROGRAM, {
      eval: true,
      workerData: { library, json, replaced, text },
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      // The library warns about what it does not know; that is nobody's log line.
      stdout: true,
      stderr: true,
      env: {},
    });
    const end = (ids: readonly number[] | null) => {
      clearTimeout(timer);
      resolve(ids);
      void worker.terminate();
    };
    const timer = setTimeout(() => end(null), timeoutMs);
    worker.once('message', (ids: unknown) => end(areIds(ids) ? ids : null));
    worker.once('error', () => end(null));
    worker.once('exit', () => end(null));
  });
}

/** A token without an id comes out as undefined. */
function areIds(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= MAX_IDS && value.every((id) => Number.isSafeInteger(id));
}
