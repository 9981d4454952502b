import { isFailureError } from '../domain/failure';
import type { ByteRangeReader } from './byte-range-reader';
import { chooseCheckpointFiles } from './checkpoint-files';
import { type ConfigObject, isObject } from './config-reader';
import { type GgufTensorPlan, planGgufTensors } from './gguf-tensor-plan';
import { headerBudget } from './header-guess';
import { readJsonFile } from './json-file';
import { type ApprovedRepair, repairedReader, repairFiles } from './repaired-reader';
import { readSafetensorsHeader, type SafetensorsHeader, type TensorInfo } from './safetensors-header';
import { readWeightIndex } from './weight-index';

export interface PlannedCheckpoint {
  /** Null for a family whose tensors are not planned. */
  readonly plan: GgufTensorPlan | null;
  /** config.json after repair. */
  readonly config: ConfigObject;
}

const CONFIG_LIMIT_BYTES = 8 * 1024 * 1024;

/** What a repair changes beside config.json and weights is of no concern here. */
const TAKE_NOTHING = async (): Promise<never> => {
  throw new Error('a repair of config.json or weights takes no file');
};

/**
 * Plans the GGUF of a repaired checkpoint from its headers and config.json. Null for a checkpoint that cannot be read
 * (the inspection says why), and when config.json itself is taken from elsewhere. Errors of the reader are thrown.
 */
export async function readGgufPlan(reader: ByteRangeReader, repair: ApprovedRepair): Promise<PlannedCheckpoint | null> {
  const { configPatch, fileRepairs } = repair;
  const concerned = fileRepairs.filter(
    (one) => one.kind === 'leave-out' || ('file' in one && one.file === 'config.json'),
  );
  if (concerned.some((one) => one.kind === 'take-file-from')) return null;
  try {
    const files = await repairFiles(reader, { configPatch, fileRepairs: concerned }, TAKE_NOTHING);
    const repaired = repairedReader(reader, files);
    const config = await readJsonFile(repaired, 'config.json', {
      maxBytes: CONFIG_LIMIT_BYTES,
      code: 'model-config-missing',
    });
    if (!isObject(config)) return null;
    return { plan: planGgufTensors({ tensors: await readTensors(repaired), config }), config };
  } catch (error) {
    if (isFailureError(error) && error.failure.code.startsWith('model-')) return null;
    throw error;
  }
}

async function readTensors(reader: ByteRangeReader): Promise<TensorInfo[]> {
  const index = await readWeightIndex(reader);
  const listing = await reader.list();
  const { weights } = chooseCheckpointFiles(listing, index && new Set(index.values()));
  const budget = headerBudget(listing);
  const headers: SafetensorsHeader[] = [];
  for (const file of weights) headers.push(await readSafetensorsHeader(reader, file.path, file.sizeBytes, budget));
  return headers.flatMap((header) => header.tensors);
}
