import { FailureError, isFailureError } from '../domain/failure';
import type { Finding } from '../domain/finding';
import type { ByteRangeReader } from './byte-range-reader';
import { type CheckpointFiles, WEIGHT_INDEX_FILE } from './checkpoint-files';
import { isObject } from './config-reader';
import { readJsonDocument } from './json-file';
import type { SafetensorsHeader } from './safetensors-header';

/** 200,000 tensors with long names stay below this. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;

/** Tensor name to weight file, as model.safetensors.index.json says. */
export type WeightIndex = ReadonlyMap<string, string>;

/**
 * Reads the weight index; null when the checkpoint has none.
 * @throws FailureError `model-index-disagrees` when it is not an index, or names files outside the folder.
 */
export async function readWeightIndex(reader: ByteRangeReader): Promise<WeightIndex | null> {
  const options = { maxBytes: MAX_INDEX_BYTES, code: 'model-index-disagrees' } as const;
  const document = await readJsonDocument(reader, WEIGHT_INDEX_FILE, options).catch((error: unknown) => {
    // Weights that are whole by their names go without it, whatever it is instead.
    const isPointer = isFailureError(error) && error.failure.code === 'model-lfs-pointer';
    throw isPointer ? notAnIndex('it is a Git LFS pointer, not the file that it stands for') : error;
  });
  if (document === null) return null;
  // Weights that are whole by their names go without it.
  if (document.hasByteOrderMark) throw notAnIndex('it begins with a byte order mark, which JSON readers refuse');
  const index = document.value;
  const map = isObject(index) ? index['weight_map'] : null;
  if (!isObject(map) || Object.keys(map).length === 0) throw notAnIndex('it has no weight_map');
  const entries: [string, string][] = [];
  for (const [tensor, file] of Object.entries(map)) {
    if (typeof file !== 'string' || !/^[^/\\]{1,255}\.safetensors$/.test(file) || file.startsWith('..')) {
      throw notAnIndex(`it places ${tensor.slice(0, 100)} in ${JSON.stringify(file).slice(0, 100)}`);
    }
    entries.push([tensor, file]);
  }
  return new Map(entries);
}

/** What is wrong between an index and the weight files that were chosen; null when they belong together. */
export function checkIndex(
  index: WeightIndex,
  files: CheckpointFiles,
  headers: readonly SafetensorsHeader[],
): Finding | null {
  if (files.areRenamed) return renamedShards(index, files, headers);
  return staleIndex(index, files) ?? compareIndex(index, headers);
}

/** The converter stops when index and files name different tensors: say it first, with the names. */
function compareIndex(index: WeightIndex, headers: readonly SafetensorsHeader[]): Finding | null {
  const there = new Map<string, string>();
  for (const header of headers) for (const tensor of header.tensors) there.set(tensor.name, header.file);
  const absent = [...index.keys()].filter((name) => !there.has(name));
  const extra = [...there.keys()].filter((name) => !index.has(name));
  if (absent.length === 0 && extra.length === 0) return null;
  return {
    code: 'model-index-disagrees',
    severity: 'blocks',
    message: `${WEIGHT_INDEX_FILE} does not match the weight files: ${absent.length} tensors that it lists are in no file, ${extra.length} tensors of the files are not in it.`,
    remedy:
      'The files come from different uploads. Fetch them all again from one revision, or have the author regenerate the index.',
    evidence: [
      ...absent.slice(0, 8).map((name) => `listed, not found: ${name} (${index.get(name)})`),
      ...extra.slice(0, 8).map((name) => `found, not listed: ${name} (${there.get(name)})`),
    ],
  };
}

/**
 * Files that stand in for those of the index under other names: a browser renamed one, or all bear another count. With the
 * tensors that the index lists they are those, and the converter reads them once it has no index to follow.
 */
function renamedShards(index: WeightIndex, files: CheckpointFiles, headers: readonly SafetensorsHeader[]): Finding {
  const absent = absentFiles(index, files);
  const named = absent.slice(0, 3).join(', ');
  const differs = compareIndex(index, headers) !== null;
  const evidence = absent.slice(0, 8).map((file) => `not found: ${file}`);
  if (differs) {
    return {
      code: 'model-weights-missing',
      severity: 'blocks',
      message: `${absent.length} of the checkpoint's weight files ${absent.length === 1 ? 'is' : 'are'} missing: ${named}. What is there in place of ${absent.length === 1 ? 'it' : 'them'} holds other tensors.`,
      remedy: 'Fetch the missing files again, or ask the author to upload them.',
      evidence,
    };
  }
  return {
    code: 'model-index-disagrees',
    severity: 'note',
    message: `${WEIGHT_INDEX_FILE} names ${named}, and these files are there under other names: all of its tensors were found, so the index is not needed and not used.`,
    remedy: '',
    evidence,
  };
}

/** An index of shards beside a whole single file: the converter follows the index and finds nothing. */
function staleIndex(index: WeightIndex, files: CheckpointFiles): Finding | null {
  const absent = absentFiles(index, files);
  if (absent.length === 0) return null;
  return {
    code: 'model-index-disagrees',
    severity: 'blocks',
    message: `${WEIGHT_INDEX_FILE} names weight files that are not there, although ${files.weights.map((file) => file.path).join(', ')} is; the converter would follow the index.`,
    remedy: `Remove ${WEIGHT_INDEX_FILE} if the weights are whole without it, or fetch the files it names.`,
    evidence: absent.slice(0, 8).map((file) => `not found: ${file}`),
  };
}

/** Weight files that the index names and that are not among the chosen. */
function absentFiles(index: WeightIndex, { weights }: CheckpointFiles): string[] {
  const there = new Set(weights.map((file) => file.path));
  return [...new Set(index.values())].filter((file) => !there.has(file));
}

function notAnIndex(what: string): FailureError {
  return new FailureError('model-index-disagrees', `${WEIGHT_INDEX_FILE} is not a weight index: ${what}.`, {
    remedy: 'Fetch the file again, or have the author regenerate it.',
  });
}
