import { FailureError } from '../domain/failure';
import type { Finding } from '../domain/finding';
import { attempt } from './attempt';
import type { ByteRangeReader } from './byte-range-reader';
import { type CheckpointFiles, chooseCheckpointFiles, WEIGHT_INDEX_FILE } from './checkpoint-files';
import { type ConfigObject, isObject } from './config-reader';
import { type JsonDocument, readJsonDocument } from './json-file';
import {
  type HeaderBudget,
  MAX_HEADER_BYTES,
  readSafetensorsHeader,
  type SafetensorsHeader,
} from './safetensors-header';
import { readWeightIndex, type WeightIndex } from './weight-index';

/** What was read of a checkpoint; what could not be read is null and among the findings. */
export interface CheckpointRead {
  readonly index: WeightIndex | null;
  readonly files: CheckpointFiles | null;
  readonly headers: readonly SafetensorsHeader[];
  /** Whether every weight file's header was read. */
  readonly areWeightsWhole: boolean;
  readonly document: ConfigDocument | null;
  readonly findings: readonly Finding[];
}

/** config.json with the text that a repair edits. */
export interface ConfigDocument extends JsonDocument {
  readonly value: ConfigObject;
}

const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
const PARALLEL_HEADERS = 8;

/** Reads config, index and all headers of a checkpoint, as if the files to leave out were not there. */
export async function readCheckpoint(reader: ByteRangeReader, leaveOut: ReadonlySet<string>): Promise<CheckpointRead> {
  const findings: Finding[] = [];
  const index = leaveOut.has(WEIGHT_INDEX_FILE) ? null : await attempt(findings, () => readWeightIndex(reader));
  const listing = (await reader.list()).filter((file) => !leaveOut.has(file.path));
  const files = await attempt(findings, async () => chooseCheckpointFiles(listing, index && new Set(index.values())));
  const headers = files ? await readHeaders(reader, files, findings) : [];
  const document = await readConfig(reader, findings);
  return { index, files, headers, areWeightsWhole: headers.length === files?.weights.length, document, findings };
}

async function readHeaders(
  reader: ByteRangeReader,
  files: CheckpointFiles,
  findings: Finding[],
): Promise<SafetensorsHeader[]> {
  const results = new Array<SafetensorsHeader | null>(files.weights.length).fill(null);
  const queue = files.weights.entries();
  const budget: HeaderBudget = { remainingBytes: MAX_HEADER_BYTES };
  const found: { at: number; finding: Finding }[] = [];
  const work = async () => {
    for (const [at, file] of queue) {
      const local: Finding[] = [];
      results[at] = await attempt(local, () => readSafetensorsHeader(reader, file.path, file.sizeBytes, budget));
      for (const finding of local) found.push({ at, finding });
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_HEADERS, files.weights.length) }, work));
  findings.push(...found.sort((a, b) => a.at - b.at).map(({ finding }) => finding));
  return results.filter((header) => header !== null);
}

async function readConfig(reader: ByteRangeReader, findings: Finding[]): Promise<ConfigDocument | null> {
  const options = { maxBytes: MAX_CONFIG_BYTES, code: 'model-config-missing' } as const;
  return attempt(findings, async () => {
    const document = await readJsonDocument(reader, 'config.json', options);
    if (document && isObject(document.value)) return { text: document.text, value: document.value };
    const what =
      document === null
        ? 'There is no config.json, which says what the weights are'
        : 'config.json is not a JSON object';
    throw new FailureError('model-config-missing', `${what}.`, {
      remedy: 'Take config.json from the base model, or from an earlier revision of this one.',
    });
  });
}
