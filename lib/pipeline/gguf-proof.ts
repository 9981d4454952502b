import { isFailureError } from '../domain/failure';
import type { ByteRangeReader } from '../model/byte-range-reader';
import { chooseCheckpointFiles } from '../model/checkpoint-files';
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
 * What the GGUF must hold, from the headers of the source as it lies on the host and config.json as it was converted.
 * Null for a family whose tensors are not planned, and for a source that is not there any more: then only the header
 * itself and the facts stored before are compared.
 */
export async function readGgufProof(context: StepContext): Promise<GgufProof | null> {
  const source = required(context.earlier.source, 'fetched source');
  const weights = hostFolderReader(context, source.folder, source.files);
  const isRepaired = Object.keys(context.spec.configPatch).length > 0;
  const configs = isRepaired ? hostFolderReader(context, context.workspace.repaired, ['config.json']) : weights;
  try {
    const config = await readJsonFile(configs, 'config.json', {
      maxBytes: CONFIG_LIMIT_BYTES,
      code: 'model-config-missing',
    });
    if (!isObject(config)) return null;
    const plan = planGgufTensors({ tensors: await readTensors(weights), config });
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
