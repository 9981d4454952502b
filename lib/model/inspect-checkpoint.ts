import type { ConfigPatch } from '../domain/conversion-spec';
import { FAILURE_CODES, type Failure, FailureError, isFailureError } from '../domain/failure';
import type { FieldContradiction, Finding } from '../domain/finding';
import type { FileRepair } from '../domain/model-check';
import type { InspectionView } from '../domain/views';
import { assessConfig, type Weights } from './assess-config';
import type { ByteRangeReader } from './byte-range-reader';
import { type CheckpointFiles, chooseCheckpointFiles } from './checkpoint-files';
import { EXTRA_LAYER_KEYS } from './config-fields';
import { patchConfigText } from './config-patch';
import { type ConfigObject, isObject, openConfig } from './config-reader';
import { type JsonDocument, readJsonDocument } from './json-file';
import { parsePythonJson } from './python-json';
import { isFloatDtype } from './safetensors-dtypes';
import { elementCount, readSafetensorsHeader, type SafetensorsHeader } from './safetensors-header';
import { readTensorFacts, type TensorFacts } from './tensor-facts';
import { checkTokenizer } from './tokenizer-check';
import type { EncodeText } from './tokenizer-problem';
import { readWeightIndex } from './weight-index';

export interface InspectOptions {
  /** Whether the converter that will run knows this `architectures` entry. */
  supportsArchitecture(name: string): boolean;
  /** Tokenizes with a tokenizer.json; without it nothing is said about the pre-tokenizer. */
  readonly encode?: EncodeText | null;
  /** The model that this one was made from, where someone named it: files may be taken from there. */
  readonly baseRepo?: string | null;
  /** Changes that the person approved already: `blocking` is then about what they leave, the rest stays as found. */
  readonly configPatch?: ConfigPatch;
}

export interface CheckpointInspection {
  readonly inspection: InspectionView;
  /** Changes to config.json that the tensors prove, for the person to approve; null when there are none. */
  readonly proposedPatch: ConfigPatch | null;
  /** Changes to other files that make all findings about the tokenizer go away. */
  readonly fileRepairs: readonly FileRepair[];
  /** The first finding that stops the job; null when converting may begin. */
  readonly blocking: Failure | null;
  /** Names of all files that belong to the checkpoint. */
  readonly files: readonly string[];
  readonly parameterCount: number;
  /** The dtype that most parameters have, e.g. `BF16`; null without weights. */
  readonly dtype: string | null;
}

const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
const PARALLEL_HEADERS = 8;
const NO_FACTS: TensorFacts = { family: null, facts: {}, tiesEmbeddings: false, missingLayers: [] };

/**
 * Reads config, index, tokenizer and all headers of a checkpoint, a few hundred kB in all, and says what is wrong with
 * it before anything is converted. Only errors of the reader itself are thrown; what is wrong is in the result.
 */
export async function inspectCheckpoint(
  reader: ByteRangeReader,
  options: InspectOptions,
): Promise<CheckpointInspection> {
  const findings: Finding[] = [];
  const index = await attempt(findings, () => readWeightIndex(reader));
  const listing = await reader.list();
  const files = await attempt(findings, async () => {
    return chooseCheckpointFiles(listing, index ? new Set(index.values()) : null);
  });
  const headers = files ? await readHeaders(reader, files, findings) : [];
  const areWeightsWhole = files !== null && headers.length === files.weights.length;
  const document = await readConfig(reader, findings);
  const config = document?.value ?? null;
  const facts = areWeightsWhole ? readTensorFacts(headers.flatMap((header) => header.tensors)) : NO_FACTS;
  if (!document || !config || !files || !areWeightsWhole) {
    return summarize({
      config,
      files,
      headers,
      facts,
      contradictions: [],
      findings,
      proposedPatch: null,
      fileRepairs: [],
      blocking: toBlocking(findings),
    });
  }
  const weights: Weights = { files, index, headers, facts };
  const tokenizer = await attempt(findings, () =>
    checkTokenizer(reader, files.files, {
      architecture: architectureOf(config),
      vocabulary: facts.facts.vocab_size ?? null,
      baseRepo: options.baseRepo ?? null,
      encode: options.encode ?? null,
    }),
  );
  findings.push(...(tokenizer?.findings ?? []));
  const supports = (name: string) => options.supportsArchitecture(name);
  const found = assessConfig(config, weights, supports);
  const approved = options.configPatch ?? {};
  const remaining =
    Object.keys(approved).length === 0
      ? found
      : await attempt(findings, async () => assessConfig(repaired(document, approved), weights, supports));
  return summarize({
    config,
    files,
    headers,
    facts,
    contradictions: found.contradictions,
    findings: [...findings, ...found.findings],
    proposedPatch: found.proposedPatch,
    fileRepairs: tokenizer?.repairs ?? [],
    blocking: toBlocking([...findings, ...(remaining?.findings ?? [])]),
  });
}

async function readHeaders(
  reader: ByteRangeReader,
  files: CheckpointFiles,
  findings: Finding[],
): Promise<SafetensorsHeader[]> {
  const results = new Array<SafetensorsHeader | null>(files.weights.length).fill(null);
  const queue = files.weights.entries();
  const found: { at: number; finding: Finding }[] = [];
  const work = async () => {
    for (const [at, file] of queue) {
      const local: Finding[] = [];
      results[at] = await attempt(local, () => readSafetensorsHeader(reader, file.path, file.sizeBytes));
      for (const finding of local) found.push({ at, finding });
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_HEADERS, files.weights.length) }, work));
  findings.push(...found.sort((a, b) => a.at - b.at).map(({ finding }) => finding));
  return results.filter((header) => header !== null);
}

interface ConfigDocument extends JsonDocument {
  readonly value: ConfigObject;
}

/** config.json as the converter will read it once the approved changes are written. */
function repaired(document: ConfigDocument, approved: ConfigPatch): ConfigObject {
  return parsePythonJson(patchConfigText(document.text, approved)) as ConfigObject;
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

/** Runs one check; a failure that it throws becomes a finding that blocks. */
async function attempt<T>(findings: Finding[], check: () => Promise<T>): Promise<T | null> {
  try {
    return await check();
  } catch (error) {
    if (!isFailureError(error) || (!error.failure.code.startsWith('model-') && error.failure.code !== 'invalid-input'))
      throw error;
    const { code, message, remedy, evidence } = error.failure;
    findings.push({ code, severity: 'blocks', message, remedy, evidence });
    return null;
  }
}

interface Parts {
  readonly config: ConfigObject | null;
  readonly files: CheckpointFiles | null;
  readonly headers: readonly SafetensorsHeader[];
  readonly facts: TensorFacts;
  readonly contradictions: readonly FieldContradiction[];
  readonly findings: readonly Finding[];
  readonly proposedPatch: ConfigPatch | null;
  readonly fileRepairs: readonly FileRepair[];
  readonly blocking: Failure | null;
}

function summarize(parts: Parts): CheckpointInspection {
  const tensors = parts.headers.flatMap((header) => header.tensors);
  const byDtype = new Map<string, number>();
  for (const tensor of tensors) {
    if (isFloatDtype(tensor.dtype)) byDtype.set(tensor.dtype, (byDtype.get(tensor.dtype) ?? 0) + elementCount(tensor));
  }
  const parameterCount = [...byDtype.values()].reduce((sum, count) => sum + count, 0);
  const [dtype] = [...byDtype].sort((a, b) => b[1] - a[1])[0] ?? [null];
  const architecture = architectureOf(parts.config);
  return {
    inspection: {
      architecture,
      tensorCount: tensors.length,
      parameterCount,
      totalBytes: parts.files?.weights.reduce((sum, file) => sum + file.sizeBytes, 0) ?? 0,
      facts: withExtraLayers(parts),
      contradictions: parts.contradictions,
      findings: parts.findings,
    },
    proposedPatch: parts.proposedPatch,
    fileRepairs: parts.fileRepairs,
    blocking: parts.blocking,
    files: parts.files?.files.map((file) => file.path) ?? [],
    parameterCount,
    dtype,
  };
}

function architectureOf(config: ConfigObject | null): string | null {
  const architectures = config?.['architectures'];
  return Array.isArray(architectures) && typeof architectures[0] === 'string' ? architectures[0] : null;
}

/** Layers for predicting further tokens are config.json's to say; kept with the facts because a GGUF may leave them out. */
function withExtraLayers(parts: Parts): InspectionView['facts'] {
  const layers = parts.facts.facts.num_hidden_layers;
  const extra = parts.config ? openConfig(parts.config).number(EXTRA_LAYER_KEYS) : null;
  if (!layers || !extra) return parts.facts.facts;
  return {
    ...parts.facts.facts,
    extra_prediction_layers: { value: extra, tensor: layers.tensor, shape: layers.shape },
  };
}

function toBlocking(findings: readonly Finding[]): Failure | null {
  const first = findings.find((finding) => finding.severity === 'blocks');
  if (!first) return null;
  return {
    code: failureCode(first.code),
    message: first.message,
    remedy: first.remedy,
    evidence: first.evidence,
    isTransient: false,
  };
}

function failureCode(code: Finding['code']): Failure['code'] {
  // A missing field that nothing proves is no contradiction that a proposed patch could end.
  if (code === 'config-field-missing' || code === 'config-contradicts-tensors') return 'model-config-missing';
  return FAILURE_CODES.find((known) => known === code) ?? 'internal';
}
