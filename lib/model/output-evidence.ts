import type { ByteRangeReader } from './byte-range-reader';
import { type FieldVerdict, fieldVerdict } from './config-check';
import type { ConfigReader } from './config-reader';
import type { TensorFact } from './fact-draft';
import type { SafetensorsHeader, TensorInfo } from './safetensors-header';
import type { TensorFacts } from './tensor-facts';

/** Types whose converter leaves the output layer out where config.json says that it is the embedding (v0.5.0). */
const LEAVES_OUT: ReadonlySet<string> = new Set([
  'deepseek_v2',
  'deepseek_v3',
  'hunyuan_v1_dense',
  'hunyuan_v1_moe',
  'PanguEmbedded',
]);
const COMPARED_BYTES = 4096;

/** Whether the output layer holds other numbers than the embedding. */
export interface OutputEvidence {
  readonly output: TensorFact;
}

/**
 * Compares a few rows of the output layer with the same of the embedding. Only asked where it decides something: both are
 * there, config.json says that they are one, and the converter believes it. Null when they are alike, or are not asked.
 */
export async function readOutputEvidence(
  reader: ByteRangeReader,
  headers: readonly SafetensorsHeader[],
  { facts }: TensorFacts,
  config: ConfigReader,
): Promise<OutputEvidence | null> {
  const { vocab_size: rows, output_rows: output } = facts;
  const isAsked = LEAVES_OUT.has(config.modelType ?? '') && config.field(['tie_word_embeddings'])?.value === true;
  if (!isAsked || !rows || !output) return null;
  const [one, other] = await Promise.all([rows, output].map(({ tensor }) => readMiddle(reader, headers, tensor)));
  if (!one || !other || one.dtype !== other.dtype) return null;
  return one.bytes.every((byte, at) => byte === other.bytes[at]) ? null : { output };
}

async function readMiddle(
  reader: ByteRangeReader,
  headers: readonly SafetensorsHeader[],
  name: string,
): Promise<{ readonly dtype: string; readonly bytes: Uint8Array } | null> {
  for (const header of headers) {
    const tensor: TensorInfo | undefined = header.tensors.find((each) => each.name === name);
    if (!tensor) continue;
    const length = Math.min(COMPARED_BYTES, tensor.end - tensor.begin);
    // The first and last rows are special tokens and padding, which may be alike by chance.
    const offset = Math.floor((tensor.end - tensor.begin - length) / 2);
    return {
      dtype: tensor.dtype,
      bytes: await reader.read(tensor.file, header.headerBytes + tensor.begin + offset, length),
    };
  }
  return null;
}

/** The output layer has numbers of its own, so that it is not the embedding. */
export function checkOutput(evidence: OutputEvidence, config: ConfigReader): FieldVerdict[] {
  const said = config.field(['tie_word_embeddings']);
  const own = { ...evidence.output, value: false };
  return said?.value === true
    ? [fieldVerdict(said.key, true, own, { label: 'it holds other numbers than the embedding' })]
    : [];
}
