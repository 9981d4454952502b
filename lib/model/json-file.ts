import { formatBytes } from '../domain/bytes';
import { type FailureCode, FailureError } from '../domain/failure';
import type { ByteRangeReader } from './byte-range-reader';
import { encodingOf, whatInstead } from './not-json';
import { parsePythonJson } from './python-json';

const LFS_POINTER_START = 'version https://git-lfs.github.com/spec/v1';

/** Real files reach about ten; whoever walks the value later may do so by recursion. */
const MAX_DEPTH = 100;

export interface JsonFileOptions {
  readonly maxBytes: number;
  /** The code for "not JSON" and "larger than any such file". */
  readonly code: FailureCode;
}

export interface JsonDocument {
  readonly text: string;
  readonly value: unknown;
  /** True when the file begins with a byte order mark, which Python's reader refuses and `text` no longer has. */
  readonly hasByteOrderMark: boolean;
}

/**
 * Reads a JSON file of a checkpoint, as Python would; null when it is not there.
 * @throws FailureError `model-lfs-pointer`, or the given code.
 */
export async function readJsonFile(reader: ByteRangeReader, path: string, options: JsonFileOptions): Promise<unknown> {
  return (await readJsonDocument(reader, path, options))?.value ?? null;
}

/**
 * The same with the text it was read from, for whoever edits it.
 * @throws FailureError `model-lfs-pointer`, or the given code.
 */
export async function readJsonDocument(
  reader: ByteRangeReader,
  path: string,
  options: JsonFileOptions,
): Promise<JsonDocument | null> {
  const sizeBytes = await reader.sizeBytes(path);
  if (sizeBytes === null) return null;
  if (sizeBytes > options.maxBytes) {
    throw new FailureError(options.code, `${path} is ${formatBytes(sizeBytes)}, larger than any such file.`, {
      remedy: 'Look at the file: it is not what its name says.',
    });
  }
  return parseJsonDocument(path, await reader.read(path, 0, sizeBytes), options.code);
}

/**
 * The same for bytes that were read already.
 * @throws FailureError `model-lfs-pointer`, or the given code.
 */
export function parseJsonDocument(path: string, bytes: Uint8Array, code: FailureCode): JsonDocument {
  const text = decode(bytes, path, code);
  if (nestsDeeperThan(MAX_DEPTH, text)) {
    throw new FailureError(code, `${path} nests its values more than ${MAX_DEPTH} deep, as no such file does.`, {
      remedy: 'Do not use this source: the file is made to break programs.',
    });
  }
  if (text.startsWith(LFS_POINTER_START)) {
    throw new FailureError('model-lfs-pointer', `${path} is a Git LFS pointer, not the file it stands for.`, {
      remedy: 'Fetch the real file: run "git lfs pull" in the clone, or give the model id and let Quantdeck fetch it.',
      evidence: text.split('\n').slice(0, 3),
    });
  }
  try {
    return { text, value: parsePythonJson(text), hasByteOrderMark: beginsWithMark(bytes) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw notJson(path, code, whatInstead(text), [said, text.slice(0, 120)], error);
  }
}

/** Strict, as the converter is: bytes that are not UTF-8 would be replaced without a word otherwise. */
function decode(bytes: Uint8Array, path: string, code: FailureCode): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw notJson(path, code, encodingOf(bytes), [], error);
  }
}

/** Whether the three bytes EF BB BF are there, which some editors of Windows put before UTF-8 text. */
export function beginsWithMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function notJson(
  path: string,
  code: FailureCode,
  instead: string | null,
  evidence: string[],
  cause: unknown,
): FailureError {
  return new FailureError(code, `${path} is not valid JSON${instead === null ? '' : `: ${instead}`}.`, {
    remedy: `Repair ${path} or fetch it again.`,
    evidence: instead === null ? evidence : [instead, ...evidence],
    cause,
  });
}

/** Counts brackets outside of strings, without a stack of its own. */
function nestsDeeperThan(limit: number, text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}
