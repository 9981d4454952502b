import { formatBytes } from '../domain/bytes';
import type { InspectionView } from '../domain/views';
import type { ByteRangeReader } from './byte-range-reader';
import { EndOfFileError } from './byte-stream';
import type { ConfigObject } from './config-reader';
import { GGML_TYPES } from './ggml-types';
import { GgufFormatError, type GgufHeader, type GgufTensor, readGgufHeader } from './gguf-header';
import { compareMetadata, numberOf } from './gguf-metadata-check';
import { compareTensors } from './gguf-plan-check';
import type { GgufTensorPlan } from './gguf-tensor-plan';

export interface GgufStructure {
  readonly isOk: boolean;
  /** Sentences; empty when the file holds together. */
  readonly problems: readonly string[];
  readonly architecture: string | null;
  readonly tensorCount: number | null;
  readonly parameterCount: number | null;
  /** Null when the header could not be read. */
  readonly header: GgufHeader | null;
}

/** What the source says the file must hold, tensor by tensor. */
export interface GgufProof {
  readonly plan: GgufTensorPlan;
  /** config.json after repair. */
  readonly config: ConfigObject;
}

const MAX_PROBLEMS = 20;

/**
 * Reads a finished GGUF back: a known header, and every tensor's bytes inside the file, aligned and apart. With the
 * inspection of the source, also that layers, width and vocabulary arrived; with its plan, that every tensor did, in its
 * shape, and that the parameters are config.json's. Data itself is not read.
 */
export async function checkGgufStructure(
  reader: ByteRangeReader,
  path: string,
  sizeBytes: number,
  source: Pick<InspectionView, 'facts'> | null = null,
  proof: GgufProof | null = null,
): Promise<GgufStructure> {
  let header: GgufHeader;
  try {
    header = await readGgufHeader(reader, path, sizeBytes);
  } catch (error) {
    if (!(error instanceof GgufFormatError) && !(error instanceof EndOfFileError)) throw error;
    const problem = error instanceof EndOfFileError ? `The file is cut short: ${error.message}.` : error.message;
    return {
      isOk: false,
      problems: [problem],
      architecture: null,
      tensorCount: null,
      parameterCount: null,
      header: null,
    };
  }
  const problems = [
    ...checkTensors(header, sizeBytes),
    ...checkMetadata(header),
    ...(source ? compareWithSource(header, source.facts) : []),
    ...(proof ? compareMetadata(header, proof.plan.architecture, proof.config) : []),
    ...(proof ? compareTensors(header, proof.plan) : []),
  ].slice(0, MAX_PROBLEMS);
  return {
    isOk: problems.length === 0,
    problems,
    architecture: architectureOf(header),
    tensorCount: header.tensors.length,
    parameterCount: header.tensors.reduce((sum, tensor) => sum + elements(tensor), 0),
    header,
  };
}

function checkTensors(header: GgufHeader, sizeBytes: number): string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  const dataBytes = sizeBytes - header.dataStart;
  let covered = 0;
  for (const tensor of [...header.tensors].sort((a, b) => a.offset - b.offset)) {
    if (names.has(tensor.name)) problems.push(`Tensor ${tensor.name} appears twice.`);
    names.add(tensor.name);
    const bytes = tensorBytes(tensor);
    if (typeof bytes === 'string') {
      problems.push(bytes);
      continue;
    }
    if (tensor.offset % header.alignment !== 0)
      problems.push(`Tensor ${tensor.name} begins off its alignment of ${header.alignment}.`);
    if (tensor.offset < covered) problems.push(`Tensor ${tensor.name} overlaps the one before it.`);
    if (tensor.offset + bytes > dataBytes) {
      problems.push(
        `Tensor ${tensor.name} ends at byte ${header.dataStart + tensor.offset + bytes}, past the file's end at ${sizeBytes} (${formatBytes(sizeBytes)}): the file is cut short.`,
      );
    }
    covered = Math.max(covered, tensor.offset + bytes);
  }
  if (header.tensors.length === 0) problems.push('The file holds no tensors.');
  return problems;
}

/** Bytes of a tensor, or a sentence why there is no such number. */
function tensorBytes(tensor: GgufTensor): number | string {
  const type = GGML_TYPES.get(tensor.typeNumber);
  if (!type) return `Tensor ${tensor.name} has type ${tensor.typeNumber}, which this llama.cpp does not know.`;
  const [row = 1] = tensor.dimensions;
  if (row % type.blockElements !== 0) {
    return `Tensor ${tensor.name} has rows of ${row}, which ${type.name} cannot store in blocks of ${type.blockElements}.`;
  }
  const bytes = (elements(tensor) / type.blockElements) * type.blockBytes;
  return Number.isSafeInteger(bytes)
    ? bytes
    : `Tensor ${tensor.name} [${tensor.dimensions.join(', ')}] is larger than any file.`;
}

function elements(tensor: GgufTensor): number {
  return tensor.dimensions.reduce((product, dimension) => product * dimension, 1);
}

function architectureOf(header: GgufHeader): string | null {
  const value = header.metadata.get('general.architecture');
  return typeof value === 'string' && value !== '' ? value.slice(0, 100) : null;
}

/** What llama.cpp trips over when it loads: layers announced and stored, vocabulary and its embedding. */
function checkMetadata(header: GgufHeader): string[] {
  const architecture = architectureOf(header);
  if (architecture === null) return ['The metadata does not say general.architecture.'];
  const problems: string[] = [];
  const announced = numberOf(header.metadata.get(`${architecture}.block_count`));
  const layers = header.tensors.map((tensor) => Number(/^blk\.(\d+)\./.exec(tensor.name)?.[1] ?? -1));
  const stored = layers.reduce((top, layer) => Math.max(top, layer), -1) + 1;
  if (announced !== null && stored > 0 && announced !== stored) {
    problems.push(`The metadata announces ${announced} layers, but tensors of ${stored} are there.`);
  }
  const tokens = header.metadata.get('tokenizer.ggml.tokens');
  const embedding = header.tensors.find((tensor) => tensor.name === 'token_embd.weight');
  const rows = embedding?.dimensions[1];
  if (typeof tokens === 'object' && rows !== undefined && tokens.length !== rows) {
    problems.push(`The vocabulary has ${tokens.length} tokens, but token_embd.weight has ${rows} rows.`);
  }
  return problems;
}

function compareWithSource(header: GgufHeader, facts: InspectionView['facts']): string[] {
  const architecture = architectureOf(header);
  const problems: string[] = [];
  const layers = facts['num_hidden_layers'];
  const announced = numberOf(header.metadata.get(`${architecture}.block_count`));
  const extra = facts['extra_prediction_layers']?.value ?? 0;
  if (layers && announced !== null && announced !== layers.value && announced !== layers.value - extra) {
    problems.push(`The GGUF has ${announced} layers, the checkpoint ${layers.value} (${layers.tensor}).`);
  }
  const hidden = facts['hidden_size'];
  const width = numberOf(header.metadata.get(`${architecture}.embedding_length`));
  if (hidden && width !== null && width !== hidden.value) {
    problems.push(`The GGUF is ${width} wide, the checkpoint ${hidden.value} (${hidden.tensor}).`);
  }
  // Fewer rows are right: some converters drop rows that no token uses (Gemma3).
  const vocabulary = facts['vocab_size'];
  const rows = header.tensors.find((tensor) => tensor.name === 'token_embd.weight')?.dimensions[1];
  if (vocabulary && rows !== undefined && rows > vocabulary.value) {
    problems.push(`The GGUF has ${rows} vocabulary rows, the checkpoint ${vocabulary.value} (${vocabulary.tensor}).`);
  }
  return problems;
}
