import { isFailureError } from '../domain/failure';
import type { ByteRangeReader } from '../model/byte-range-reader';
import { chooseCheckpointFiles } from '../model/checkpoint-files';
import { applyConfigPatch } from '../model/config-patch';
import { isObject } from '../model/config-reader';
import type { GgufProof } from '../model/gguf-structure';
import { planGgufTensors } from '../model/gguf-tensor-plan';
import { readJsonFile } from '../model/json-file';
import { readSafetensorsHeader, type TensorInfo } from '../model/safetensors-header';
import { readWeightIndex } from '../model/weight-index';
import { hostFolderReader } from './checkpoint-reader';
import { required } from './earlier-results';
import type { StepContext } from './step-context';

const CONFIG_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * What the GGUF must hold, from the headers of the source as it lies on the host and config.json as repaired.
 * Null for a family whose tensors are not planned, and for a source that is not there any more: then only the header
 * itself and the facts stored before are compared.
 */
export async function readGgufProof(context: StepContext): Promise<GgufProof | null> {
  const source = required(context.earlier.source, 'fetched source');
  const reader = hostFolderReader(context, source.folder, source.files);
  try {
    const original = await readJsonFile(reader, 'config.json', {
      maxBytes: CONFIG_LIMIT_BYTES,
      code: 'model-config-missing',
    });
    if (!isObject(original)) return null;
    const config = applyConfigPatch(original, context.spec.configPatch);
    const plan = planGgufTensors({ tensors: await readTensors(reader), config });
    return plan && { plan, config };
  } catch (error) {
    if (isFailureError(error) && error.failure.code.startsWith('model-')) return null;
    throw error;
  }
}

async function readTensors(reader: ByteRangeReader): Promise<TensorInfo[]> {
  const index = await readWeightIndex(reader);
  const { weights } = chooseCheckpointFiles(await reader.list(), index ? new Set(index.values()) : null);
  const tensors: TensorInfo[] = [];
  for (const file of weights) {
    const header = await readSafetensorsHeader(reader, file.path, file.sizeBytes);
    tensors.push(...header.tensors);
  }
  return tensors;
}
