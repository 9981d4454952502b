import type { Fit } from '../domain/model-check';
import { baseTypeOf } from '../model/base-type';
import type { ByteRangeReader } from '../model/byte-range-reader';
import { DEVICE_PROFILES } from '../model/device-profiles';
import { fitsOf } from '../model/fits-of';
import type { CheckpointInspection } from '../model/inspect-checkpoint';
import type { KnownVocabulary } from '../model/known-vocabulary';
import { readGgufPlan } from '../model/read-gguf-plan';
import { readTokenizerSize } from '../model/tokenizer-size';

/**
 * What each quantization of a checkpoint needs once it is repaired. Reads nothing that the inspection before did not,
 * when the reader remembers. Empty without weights.
 * @param known the inspection's vocabularies.
 */
export async function checkpointFits(
  reader: ByteRangeReader,
  found: CheckpointInspection,
  known: readonly KnownVocabulary[],
): Promise<Fit[]> {
  const { parameterCount, dtype, repair } = found;
  if (parameterCount === 0) return [];
  const planned = await readGgufPlan(reader, { configPatch: repair.patch, fileRepairs: repair.files });
  if (planned === null) return [];
  return fitsOf({
    ...planned,
    parameterCount,
    baseType: baseTypeOf({ baseType: 'auto', outputs: [] }, dtype),
    tokenizer: await readTokenizerSize(reader, known),
    device: DEVICE_PROFILES[0],
  });
}
