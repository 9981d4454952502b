import type { FileHandle } from 'node:fs/promises';
import { FailureError } from '../domain/failure';
import { openLog, readBlock } from './log-file';

/** A searched place in a log. Offsets are bytes from the beginning of the log. */
export interface LogMatch {
  readonly offset: number;
  /** Where the line of the match begins. */
  readonly lineOffset: number;
  /** The line, or of a very long one what is around the match. */
  readonly line: string;
}

export interface LogSearchOptions {
  /** Exact bytes when true; else ASCII letters are equal in both cases (other letters keep theirs). False when absent. */
  readonly caseSensitive?: boolean | undefined;
  /** Most matches, 1..1000. */
  readonly limit?: number | undefined;
  /** Byte offset to begin at. */
  readonly fromOffset?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const BLOCK_BYTES = 256 * 1024;
/** Of a longer line only what is around the match is answered. */
const LINE_CONTEXT_BYTES = 1000;
/** How far back the beginning of the first line is looked for. */
const LOOK_BACK_BYTES = 1024 * 1024;

/**
 * Searches a step's log for a piece of text, in the order of the log. Reads it in blocks of 256 KiB, so memory stays flat
 * for logs and lines of any length; a gigabyte takes seconds. `truncated` says that there are more matches than `limit`.
 * Throws `not-found` when the job has no such step.
 */
export async function searchLog(
  jobId: string,
  stepId: string,
  query: string,
  options: LogSearchOptions = {},
): Promise<{ matches: LogMatch[]; truncated: boolean }> {
  const file = await openLog(jobId, stepId);
  if (file === 'no-step') throw new FailureError('not-found', 'The job has no such step.');
  if (file === 'empty') return { matches: [], truncated: false };
  try {
    if (query === '') return { matches: [], truncated: false };
    const limit = Math.min(1000, Math.max(1, options.limit ?? 200));
    const places = await findPlaces(file, latin1(query), { ...options, most: limit + 1 });
    const matches: LogMatch[] = [];
    for (const place of places.slice(0, limit)) matches.push({ ...place, line: await readLine(file, place) });
    return { matches, truncated: places.length > limit };
  } finally {
    await file.close();
  }
}

interface Place {
  readonly offset: number;
  readonly lineOffset: number;
}

interface Scan {
  readonly caseSensitive?: boolean | undefined;
  readonly most: number;
  readonly fromOffset?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Works on text with one character a byte, so that positions in it are offsets in the file. */
async function findPlaces(file: FileHandle, needle: string, scan: Scan): Promise<Place[]> {
  const find = scan.caseSensitive ? findExact : findFolded;
  const places: Place[] = [];
  let position = Math.max(0, scan.fromOffset ?? 0);
  let lineOffset = await lineStartBefore(file, position);
  let carried = '';
  for (;;) {
    scan.signal?.throwIfAborted();
    const block = await readBlock(file, position, BLOCK_BYTES);
    if (block.length === 0) return places;
    const text = carried + block.toString('latin1');
    const textOffset = position - carried.length;
    const lineStartAt = (at: number) => {
      const newline = at === 0 ? -1 : text.lastIndexOf('\n', at - 1);
      return newline === -1 ? lineOffset : textOffset + newline + 1;
    };
    const found = find(text, needle, scan.most - places.length);
    for (const at of found) places.push({ offset: textOffset + at, lineOffset: lineStartAt(at) });
    if (places.length >= scan.most) return places;
    // A match may begin in this block's end, but never in what a match took already.
    const taken = (found.at(-1) ?? -needle.length) + needle.length;
    const keepFrom = Math.max(taken, text.length - needle.length + 1, 0);
    lineOffset = lineStartAt(keepFrom);
    carried = text.slice(keepFrom);
    position += block.length;
  }
}

function findExact(text: string, needle: string, most: number): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(needle); at !== -1 && found.length < most; at = text.indexOf(needle, at + needle.length))
    found.push(at);
  return found;
}

/**
 * `toLowerCase` is much faster than folding A to Z alone, but in text made of bytes it also takes some parts of UTF-8
 * sequences for equal, so each place that it finds is looked at again.
 */
function findFolded(text: string, needle: string, most: number): number[] {
  const lowered = text.toLowerCase();
  const wanted = needle.toLowerCase();
  const exact = foldAscii(needle);
  const found: number[] = [];
  let from = 0;
  for (let at = lowered.indexOf(wanted); at !== -1 && found.length < most; at = lowered.indexOf(wanted, from)) {
    const isMatch = foldAscii(text.slice(at, at + needle.length)) === exact;
    if (isMatch) found.push(at);
    from = at + (isMatch ? needle.length : 1);
  }
  return found;
}

async function lineStartBefore(file: FileHandle, offset: number): Promise<number> {
  const start = Math.max(0, offset - LOOK_BACK_BYTES);
  const block = await readBlock(file, start, offset - start);
  return start + block.lastIndexOf(10) + 1;
}

async function readLine(file: FileHandle, { offset, lineOffset }: Place): Promise<string> {
  const start = Math.max(lineOffset, offset - LINE_CONTEXT_BYTES);
  const block = await readBlock(file, start, offset - start + LINE_CONTEXT_BYTES);
  const end = block.indexOf(10, offset - start);
  return block
    .subarray(0, end === -1 ? block.length : end)
    .toString('utf8')
    .replace(/\r$/, '');
}

function latin1(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.toString('latin1');
}

/** Lower case for A to Z alone. */
function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
