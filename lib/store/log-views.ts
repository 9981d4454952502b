import { FailureError } from '../domain/failure';
import { openLog, readBlock } from './log-file';

export { searchLog } from './log-search';

const BLOCK_BYTES = 256 * 1024;
const NEWLINE = 10;

/**
 * Bytes of a step's log from `offset` on, at most `maxBytes` (0 asks for the length alone), and the whole length. Null
 * when the job has no such step; a step without output yet has length 0.
 */
export async function readLog(
  jobId: string,
  stepId: string,
  offset: number,
  maxBytes: number,
): Promise<{ readonly bytes: Uint8Array; readonly length: number } | null> {
  const file = await openLog(jobId, stepId);
  if (file === 'no-step') return null;
  if (file === 'empty') return { bytes: new Uint8Array(0), length: 0 };
  try {
    const length = (await file.stat()).size;
    const wanted = Math.max(0, Math.min(maxBytes, length - Math.max(0, offset)));
    return { bytes: await readBlock(file, Math.max(0, offset), wanted), length };
  } finally {
    await file.close();
  }
}

/**
 * How many lines end before `offset`, plus one: the number of the line that holds it, from 1. Counts from the
 * beginning each time, about a second for a gigabyte: ask on demand, not while scrolling. Throws `not-found` when the job
 * has no such step.
 */
export async function lineNumberAt(jobId: string, stepId: string, offset: number): Promise<number> {
  const file = await openLog(jobId, stepId);
  if (file === 'no-step') throw new FailureError('not-found', 'The job has no such step.');
  if (file === 'empty') return 1;
  try {
    let line = 1;
    for (let position = 0; position < offset; ) {
      const block = await readBlock(file, position, Math.min(BLOCK_BYTES, offset - position));
      if (block.length === 0) break;
      line += countNewlines(block);
      position += block.length;
    }
    return line;
  } finally {
    await file.close();
  }
}

function countNewlines(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
