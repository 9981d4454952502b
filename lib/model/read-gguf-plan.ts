import type { ConfigPatch } from '../domain/conversion-spec';
import { isFailureError } from '../domain/failure';
import type { ByteRangeReader } from './byte-range-reader';
import { chooseCheckpointFiles, WEIGHT_INDEX_FILE } from './checkpoint-files';
import { applyConfigPatch } from './config-patch';
import { type ConfigObject, isObject } from './config-reader';
import { type GgufTensorPlan, planGgufTensors } from './gguf-tensor-plan';
import { readJsonFile } from './json-file';
import { type HeaderBudget, MAX_HEADER_BYTES, readSafetensorsHeader, type TensorInfo } from './safetensors-header';
import { readWeightIndex } from './weight-index';

export interface RepairedCheckpoint {
  /** Changes to config.json; empty when there are none. */
  readonly patch: ConfigPatch;
  readonly leaveOut?: readonly string[];
}

export interface PlannedCheckpoint {
  /** Null for a family whose tensors are not planned. */
  readonly plan: GgufTensorPlan | null;
  /** config.json after repair. */
  readonly config: ConfigObject;
}

const CONFIG_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Plans the GGUF of a repaired checkpoint from its headers and config.json. Null for a checkpoint that cannot be read
 * (the inspection says why). Errors of the reader itself are thrown.
 */
export async function readGgufPlan(
  reader: ByteRangeReader,
  repaired: RepairedCheckpoint,
): Promise<PlannedCheckpoint | null> {
  const leaveOut = new Set(repaired.leaveOut ?? []);
  try {
    const original = await readJsonFile(reader, 'config.json', {
      maxBytes: CONFIG_LIMIT_BYTES,
      code: 'model-config-missing',
    });
    if (!isObject(original)) return null;
    const config = applyConfigPatch(original, repaired.patch);
    return { plan: planGgufTensors({ tensors: await readTensors(reader, leaveOut), config }), config };
  } catch (error) {
    if (isFailureError(error) && error.failure.code.startsWith('model-')) return null;
    throw error;
  }
}

async function readTensors(reader: ByteRangeReader, leaveOut: ReadonlySet<string>): Promise<TensorInfo[]> {
  const index = leaveOut.has(WEIGHT_INDEX_FILE) ? null : await readWeightIndex(reader);
  const listing = (await reader.list()).filter((file) => !leaveOut.has(file.path));
  const { weights } = chooseCheckpointFiles(listing, index && new Set(index.values()));
  const budget: HeaderBudget = { remainingBytes: MAX_HEADER_BYTES };
  const tensors: TensorInfo[] = [];
  for (const file of weights) {
    tensors.push(...(await readSafetensorsHeader(reader, file.path, file.sizeBytes, budget)).tensors);
  }
  return tensors;
}
