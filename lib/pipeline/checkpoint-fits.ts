import { isFailureError } from '../domain/failure';
import type { Fit } from '../domain/model-check';
import type { ByteRangeReader } from '../model/byte-range-reader';
import { DEVICE_PROFILES } from '../model/device-profiles';
import { fitsOf } from '../model/fits-of';
import { measureTokenizer, type TokenizerSize } from '../model/gguf-header-size';
import type { CheckpointInspection } from '../model/inspect-checkpoint';
import { readJsonFile } from '../model/json-file';
import { readGgufPlan } from '../model/read-gguf-plan';
import { baseTypeOf } from './base-type';

const MAX_TOKENIZER_BYTES = 48 * 1024 * 1024;

/**
 * What each quantization of a checkpoint needs once it is repaired. Reads nothing that the inspection before did not,
 * when the reader remembers. Empty without weights.
 */
export async function checkpointFits(reader: ByteRangeReader, found: CheckpointInspection): Promise<Fit[]> {
  const { parameterCount, dtype, repair } = found;
  if (parameterCount === 0) return [];
  const planned = await readGgufPlan(reader, { configPatch: repair.patch, fileRepairs: repair.files });
  if (planned === null) return [];
  return fitsOf({
    ...planned,
    parameterCount,
    baseType: baseTypeOf({ baseType: 'auto', outputs: [] }, dtype),
    tokenizer: await readTokenizerSize(reader),
    device: DEVICE_PROFILES[0],
  });
}

/** Null where there is no tokenizer.json, and where the converter takes a SentencePiece model instead of it. */
async function readTokenizerSize(reader: ByteRangeReader): Promise<TokenizerSize | null> {
  const names = new Set((await reader.list()).map((file) => file.path));
  if (!names.has('tokenizer.json') || names.has('tokenizer.model')) return null;
  const options = { maxBytes: MAX_TOKENIZER_BYTES, code: 'model-tokenizer-missing' } as const;
  try {
    return measureTokenizer(await readJsonFile(reader, 'tokenizer.json', options));
  } catch (error) {
    if (isFailureError(error)) return null;
    throw error;
  }
}
