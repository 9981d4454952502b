import { formatBytes } from '../domain/bytes';
import { type FailureCode, FailureError } from '../domain/failure';
import type { ByteRangeReader } from './byte-range-reader';

const LFS_POINTER_START = 'version https://git-lfs.github.com/spec/v1';

export interface JsonFileOptions {
  readonly maxBytes: number;
  /** The code for "not JSON" and "larger than any such file". */
  readonly code: FailureCode;
}

/**
 * Reads a JSON file of a checkpoint; null when it is not there. Python writes NaN and Infinity into such files (Mamba's
 * `time_step_limit`), which JSON does not have: they are read as null.
 * @throws FailureError `model-lfs-pointer`, or the given code.
 */
export async function readJsonFile(reader: ByteRangeReader, path: string, options: JsonFileOptions): Promise<unknown> {
  const sizeBytes = await reader.sizeBytes(path);
  if (sizeBytes === null) return null;
  if (sizeBytes > options.maxBytes) {
    throw new FailureError(options.code, `${path} is ${formatBytes(sizeBytes)}, larger than any such file.`, {
      remedy: 'Look at the file: it is not what its name says.',
    });
  }
  const text = new TextDecoder().decode(await reader.read(path, 0, sizeBytes));
  if (text.startsWith(LFS_POINTER_START)) {
    throw new FailureError('model-lfs-pointer', `${path} is a Git LFS pointer, not the file it stands for.`, {
      remedy: 'Fetch the real file: run "git lfs pull" in the clone, or give the model id and let Quantdeck fetch it.',
      evidence: text.split('\n').slice(0, 3),
    });
  }
  try {
    return parseLenientJson(text);
  } catch (error) {
    throw new FailureError(options.code, `${path} is not valid JSON.`, {
      remedy: `Repair ${path} or fetch it again.`,
      evidence: [error instanceof Error ? error.message : String(error), text.slice(0, 120)],
      cause: error,
    });
  }
}

function parseLenientJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const repaired = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (part) =>
      part.startsWith('"') ? part : 'null',
    );
    if (repaired === text) throw error;
    return JSON.parse(repaired);
  }
}
