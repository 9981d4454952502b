import { isFailureError } from '../domain/failure';
import type { Finding } from '../domain/finding';
import type { ByteRangeReader } from './byte-range-reader';
import { type ConfigObject, isObject } from './config-reader';
import type { TensorFact } from './fact-draft';
import { readJsonFile } from './json-file';

export const GENERATION_CONFIG_FILE = 'generation_config.json';
const MAX_BYTES = 1024 * 1024;
/** What the converter writes from it into the file as the model's own defaults (gguf-py, `metadata.py`), if these are numbers. */
const SAMPLING = ['temperature', 'top_k', 'top_p', 'min_p', 'repetition_penalty'];

/**
 * What generation_config.json says that cannot be, or that config.json contradicts: notes, since no tensor and no shape of the
 * file depends on it. It holds the defaults for sampling, which are written into the GGUF, and at which tokens an answer ends.
 * @param vocabulary rows of the embedding; undefined where nothing proves them.
 */
export async function checkGenerationConfig(
  reader: ByteRangeReader,
  config: ConfigObject,
  vocabulary: TensorFact | undefined,
): Promise<Finding | null> {
  const read = await readOrReason(reader);
  if (read === null) return null;
  const said = typeof read === 'string' ? [read] : contradictions(read, config, vocabulary);
  const [first] = said;
  if (first === undefined) return null;
  return {
    code: 'generation-config-doubtful',
    severity: 'note',
    message: `${GENERATION_CONFIG_FILE}: ${first}`,
    remedy: "If answers do not end, or read oddly, compare this file with the base model's.",
    evidence: said,
  };
}

/** Its content, or in words why there is none; null when the file is not there. */
async function readOrReason(reader: ByteRangeReader): Promise<ConfigObject | string | null> {
  try {
    const options = { maxBytes: MAX_BYTES, code: 'model-config-missing' } as const;
    const value = await readJsonFile(reader, GENERATION_CONFIG_FILE, options);
    if (value === null || isObject(value)) return value;
    return 'it is no JSON object, so its defaults for sampling are not in the GGUF.';
  } catch (error) {
    if (!isFailureError(error) || !error.failure.code.startsWith('model-')) throw error;
    return `${error.failure.message} The converter passes it over, so its defaults for sampling are not in the GGUF.`;
  }
}

function contradictions(said: ConfigObject, config: ConfigObject, vocabulary: TensorFact | undefined): string[] {
  const ends = idsOf(said['eos_token_id']);
  const begins = idsOf(said['bos_token_id']);
  const configured = idsOf(config['eos_token_id']);
  const beyond = vocabulary ? [...ends, ...begins].filter((id) => id >= vocabulary.value) : [];
  const isOtherEnd = ends.length > 0 && configured.length > 0 && !configured.some((id) => ends.includes(id));
  const odd = SAMPLING.filter((key) => (said[key] ?? null) !== null && typeof said[key] !== 'number');
  return [
    ...(vocabulary && beyond.length > 0
      ? [
          `it names token ${beyond.join(', ')}, but the embedding has ${vocabulary.value} rows: no such token is ever written.`,
        ]
      : []),
    ...(isOtherEnd
      ? [
          `an answer ends at token ${ends.join(', ')}, config.json says ${configured.join(', ')}. The GGUF has what the tokenizer and config.json say.`,
        ]
      : []),
    ...odd.map((key) => `${key} is ${JSON.stringify(said[key]).slice(0, 60)}, which is no number.`),
  ];
}

function idsOf(value: unknown): number[] {
  const ids: unknown[] = Array.isArray(value) ? value.slice(0, 100) : [value];
  return ids.filter((id): id is number => typeof id === 'number' && Number.isInteger(id) && id >= 0);
}
