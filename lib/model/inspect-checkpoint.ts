import type { ConfigPatch } from '../domain/conversion-spec';
import { type Failure, FailureError, isFailureError } from '../domain/failure';
import type { FileRepair } from '../domain/file-repair';
import type { Finding } from '../domain/finding';
import type { Answers, ModelFacts, ProvenanceMatch, RefusedAnswer, RepairProposal } from '../domain/model-check';
import type { InspectionView } from '../domain/views';
import { type AnsweredConfig, answerConfig, type WrittenConfig } from './answer-config';
import type { Assessment, Weights } from './assess-config';
import { blockingFailure } from './blocking-failure';
import { byteOrderMark } from './byte-order-mark';
import type { ByteRangeReader, ListedFile } from './byte-range-reader';
import { checkCard } from './card-check';
import { type CheckpointFiles, chooseCheckpointFiles } from './checkpoint-files';
import type { ConfigEvidence } from './config-evidence';
import { applyConfigPatch } from './config-patch';
import { type ConfigObject, declaredArchitecture, isObject, openConfig } from './config-reader';
import { fractionSpellings } from './config-spelling';
import { proposeFileRepairs } from './file-repairs';
import { checkGenerationConfig } from './generation-config-check';
import { headerBudget } from './header-guess';
import { readJsonDocument } from './json-file';
import type { KnownVocabulary } from './known-vocabulary';
import { type AttentionRows, matchProvenance } from './match-provenance';
import { toModelFacts } from './model-facts';
import { readOutputEvidence } from './output-evidence';
import { hasRepair } from './repaired-reader';
import { readRotaryEvidence } from './rotary-evidence';
import { readSafetensorsHeader, type SafetensorsHeader } from './safetensors-header';
import { readTensorFacts, type TensorFacts } from './tensor-facts';
import { checkTokenizer } from './tokenizer-check';
import type { TokenizerFiles } from './tokenizer-files';
import type { BaseFiles, EncodeText, TokenizerContext } from './tokenizer-problem';
import { tokenizerClassOf } from './tokenizer-type-classes';
import { readWeightIndex } from './weight-index';
import { summarizeWeights } from './weights-summary';

export interface InspectOptions {
  /** Whether the converter that will run knows this `architectures` entry. */
  supportsArchitecture(name: string): boolean;
  /** Tokenizes with a tokenizer.json; without it nothing is said about the pre-tokenizer. */
  readonly encode?: EncodeText | null;
  /** Vocabularies whose tokenizer.json need not be read whole, where bytes take time; a note says so. */
  readonly knownVocabularies?: readonly KnownVocabulary[];
  /** The model that this one was made from, where someone named it: files may be taken from there. */
  readonly base?: BaseFiles | null;
  /** Changes that the person approved already: `blocking` is then about what they leave, the rest stays as found. */
  readonly configPatch?: ConfigPatch;
  /** What the person said where nothing proves a value. */
  readonly answers?: Answers;
  /** Other config.json files that may answer what shapes leave open: earlier revision, base model, fingerprint, in turn. */
  readonly evidence?: readonly ConfigEvidence[];
}

export interface CheckpointInspection {
  readonly inspection: InspectionView;
  /** What the tensors prove, by the API's names. */
  readonly facts: ModelFacts;
  /** `model_type` as it is once the tensors' names have had their say; null when nothing says it. */
  readonly modelType: string | null;
  /** Known models with these shapes, nearest first. */
  readonly provenance: readonly ProvenanceMatch[];
  /** What would make the checkpoint whole: proven changes, open questions with candidates, files to leave out. */
  readonly repair: RepairProposal;
  /** Answers that contradict the weights, or that nobody asked for. */
  readonly refusedAnswers: readonly RefusedAnswer[];
  /** The first finding that stops the job; null when converting may begin. */
  readonly blocking: Failure | null;
  /** Nothing but open questions stops it. */
  readonly waitsForAnswers: boolean;
  /** Names of all files that belong to the checkpoint. */
  readonly files: readonly string[];
  readonly parameterCount: number;
  /** The dtype that most parameters have, e.g. `BF16`; null without weights. */
  readonly dtype: string | null;
  /** See `TokenizerCheck`; large, for whoever learns from it at once. */
  readonly readWholeTokenizer: TokenizerFiles | null;
}

const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
const PARALLEL_HEADERS = 8;
/** Headers prove shapes, not numbers; llama-quantize looks at those, and stops at a NaN. */
const VALUES_NOT_CHECKED: Finding = {
  code: 'values-not-checked',
  severity: 'note',
  message: 'The weights themselves were not read: whether one is infinite or no number shows when they are quantized.',
  remedy: '',
  evidence: [],
};
const NOTHING_ASSESSED: Assessment = { contradictions: [], findings: [], patch: {}, undetermined: [], repairs: [] };
const NOTHING_ANSWERED: AnsweredConfig = {
  found: NOTHING_ASSESSED,
  remaining: NOTHING_ASSESSED,
  repair: { patch: {}, undetermined: [], answers: [] },
  whole: {},
  refused: [],
};

/**
 * Reads config, index, tokenizer and all headers of a checkpoint, a few hundred kB in all, and says what is wrong with
 * it before anything is converted. Only errors of the reader itself are thrown; what is wrong is in the result.
 */
export async function inspectCheckpoint(
  reader: ByteRangeReader,
  options: InspectOptions,
): Promise<CheckpointInspection> {
  const findings: Finding[] = [];
  const fileRepairs: FileRepair[] = [];
  const index = await attempt(findings, () => readWeightIndex(reader));
  const listing = await reader.list();
  const files = await attempt(findings, async () => chooseCheckpointFiles(listing, index && new Set(index.values())));
  const headers = files ? await readHeaders(reader, listing, files, findings) : [];
  const areWeightsWhole = files !== null && headers.length === files.weights.length;
  const written = await readConfig(reader, findings, fileRepairs);
  const config = written?.config ?? null;
  const facts = readTensorFacts(areWeightsWhole ? headers.flatMap((header) => header.tensors) : []);
  let readWholeTokenizer: TokenizerFiles | null = null;
  let answered = NOTHING_ANSWERED;
  if (written && config && files && areWeightsWhole) {
    const rotary = await readRotaryEvidence(reader, headers);
    const output = await readOutputEvidence(reader, headers, facts, openConfig(config));
    const weights: Weights = { files, index, headers, facts, rotary, output };
    answered = answerConfig(written, weights, options);
    const context = tokenizerContext(answered.whole, facts, options);
    const tokenizer = await attempt(findings, () => checkTokenizer(reader, files.files, context));
    findings.push(...(tokenizer?.findings ?? []));
    fileRepairs.push(...(tokenizer?.repairs ?? []));
    readWholeTokenizer = tokenizer?.readWhole ?? null;
    await checkCompanions(reader, config, facts, { findings, fileRepairs });
  }
  const { found, remaining, repair, refused } = answered;
  const left = [...findings, ...remaining.findings];
  const modelFacts = toModelFacts(facts);
  const all = [...findings, ...found.findings, ...(areWeightsWhole ? [VALUES_NOT_CHECKED] : [])];
  const { dtype, ...summary } = summarizeWeights(config, files, headers, facts);
  return {
    inspection: { ...summary, contradictions: found.contradictions, findings: all },
    facts: modelFacts,
    modelType: config && openConfig(applyConfigPatch(config, found.patch)).modelType,
    provenance: matchProvenance(modelFacts, attentionRows(facts)),
    repair: { ...repair, files: [...proposeFileRepairs(files, all), ...found.repairs, ...fileRepairs] },
    refusedAnswers: refused,
    blocking: blockingFailure(left, hasRepair({ configPatch: remaining.patch, fileRepairs: remaining.repairs })),
    waitsForAnswers: isOnlyOpen(left, remaining),
    files: files?.files.map((file) => file.path) ?? [],
    parameterCount: summary.parameterCount,
    dtype,
    readWholeTokenizer,
  };
}

/** Whether everything that blocks is a question that somebody can answer. */
function isOnlyOpen(findings: readonly Finding[], { undetermined }: Assessment): boolean {
  const blocking = findings.filter(({ severity }) => severity === 'blocks');
  const open = new Set(undetermined.map(({ field }) => field));
  return blocking.length > 0 && blocking.every(({ field }) => field !== undefined && open.has(field));
}

/** @param config with the class that will convert, which a repair may have to name first. */
function tokenizerContext(config: ConfigObject, { facts }: TensorFacts, options: InspectOptions): TokenizerContext {
  return {
    architecture: declaredArchitecture(config),
    classOfType: tokenizerClassOf(config),
    vocabulary: facts.vocab_size ?? null,
    base: options.base ?? null,
    encode: options.encode ?? null,
    knownVocabularies: options.knownVocabularies ?? [],
  };
}

/** What the converter reads besides weights, config.json and tokenizer. */
async function checkCompanions(
  reader: ByteRangeReader,
  config: ConfigObject,
  { facts }: TensorFacts,
  { findings, fileRepairs }: { readonly findings: Finding[]; readonly fileRepairs: FileRepair[] },
): Promise<void> {
  const generation = await checkGenerationConfig(reader, config, facts.vocab_size);
  if (generation) findings.push(generation);
  const card = await checkCard(reader);
  if (!card) return;
  findings.push(card.finding);
  fileRepairs.push(card.repair);
}

async function readHeaders(
  reader: ByteRangeReader,
  listing: readonly ListedFile[],
  files: CheckpointFiles,
  findings: Finding[],
): Promise<SafetensorsHeader[]> {
  const results = new Array<SafetensorsHeader | null>(files.weights.length).fill(null);
  const queue = files.weights.entries();
  const budget = headerBudget(listing);
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

async function readConfig(
  reader: ByteRangeReader,
  findings: Finding[],
  repairs: FileRepair[],
): Promise<WrittenConfig | null> {
  const options = { maxBytes: MAX_CONFIG_BYTES, code: 'model-config-missing' } as const;
  return attempt(findings, async () => {
    const document = await readJsonDocument(reader, 'config.json', options);
    const config = document?.value ?? null;
    if (document && isObject(config)) {
      const mark = document.hasByteOrderMark ? byteOrderMark('config.json', 'model-config-missing') : null;
      if (mark) {
        findings.push(mark.finding);
        repairs.push(mark.repair);
      }
      return { config, fractions: fractionSpellings(document.text) };
    }
    const what =
      config === null ? 'There is no config.json, which says what the weights are' : 'config.json is not a JSON object';
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

function attentionRows({ facts }: TensorFacts): AttentionRows {
  const query = facts.query_rows?.value;
  const keyValue = facts.key_rows?.value;
  return { ...(query === undefined ? {} : { query }), ...(keyValue === undefined ? {} : { keyValue }) };
}
