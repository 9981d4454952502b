import type { Fit, WorkSizes } from '../domain/model-check';
import { baseTypeOf } from '../model/base-type';
import type { ByteRangeReader } from '../model/byte-range-reader';
import { DEVICE_PROFILES } from '../model/device-profiles';
import { fitsOf } from '../model/fits-of';
import type { CheckpointInspection } from '../model/inspect-checkpoint';
import type { KnownVocabulary } from '../model/known-vocabulary';
import { readGgufPlan } from '../model/read-gguf-plan';
import { readTokenizerSize } from '../model/tokenizer-size';
import { largestTensor } from './room-check';

/** What would come of a checkpoint once it is repaired. */
export interface CheckpointPlan {
  /** What each quantization needs; empty without weights. */
  readonly fits: readonly Fit[];
  readonly work: WorkSizes | null;
}

/**
 * Sizes of files and work. Reads nothing that the inspection before did not, when the reader remembers.
 * @param known the inspection's vocabularies.
 */
export async function planCheckpoint(
  reader: ByteRangeReader,
  found: CheckpointInspection,
  known: readonly KnownVocabulary[],
): Promise<CheckpointPlan> {
  const { parameterCount, dtype, repair } = found;
  const nothing = { fits: [], work: null };
  if (parameterCount === 0) return nothing;
  const planned = await readGgufPlan(reader, { configPatch: repair.patch, fileRepairs: repair.files });
  if (planned === null) return nothing;
  const baseType = baseTypeOf({ baseType: 'auto', outputs: [] }, dtype);
  const tokenizer = await readTokenizerSize(reader, known);
  // Judged anew for whatever device is asked about.
  const fits = fitsOf({ ...planned, parameterCount, baseType, tokenizer, device: DEVICE_PROFILES[0] });
  const files = new Set(found.files);
  const sourceBytes = (await reader.list())
    .filter((file) => files.has(file.path))
    .reduce((sum, file) => sum + file.sizeBytes, 0);
  const largestTensorElements = largestTensor({ tensors: planned.plan, parameterCount });
  return { fits, work: { baseType, sourceBytes, largestTensorElements } };
}
