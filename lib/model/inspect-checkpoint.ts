import type { ConfigPatch } from '../domain/conversion-spec';
import type { Failure } from '../domain/failure';
import type { Finding } from '../domain/finding';
import type { ModelCheckReport, ModelFacts, RepairProposal } from '../domain/model-check';
import type { InspectionView } from '../domain/views';
import { type Assessment, assessConfig, type Weights } from './assess-config';
import { attempt } from './attempt';
import { blockingFailure } from './blocking-failure';
import type { ByteRangeReader } from './byte-range-reader';
import { WEIGHT_INDEX_FILE } from './checkpoint-files';
import type { ConfigEvidence } from './config-evidence';
import { patchConfigText } from './config-patch';
import type { ConfigObject } from './config-reader';
import { leavesOutIndex, proposeFileRepairs } from './file-repairs';
import { toModelFacts } from './model-facts';
import { parsePythonJson } from './python-json';
import { type CheckpointRead, type ConfigDocument, readCheckpoint } from './read-checkpoint';
import { readRotaryEvidence } from './rotary-evidence';
import { readTensorFacts, type TensorFacts } from './tensor-facts';
import { checkTokenizer } from './tokenizer-check';
import { summarizeWeights } from './weights-summary';

export interface InspectOptions {
  /** Whether the converter that will run knows this `architectures` entry. */
  supportsArchitecture(name: string): boolean;
  /** Changes that the person approved already: `blocking` is then about what they leave, the rest stays as found. */
  readonly configPatch?: ConfigPatch;
  /** Other config.json files that may answer what shapes leave open: earlier revision, base model, fingerprint, in turn. */
  readonly evidence?: readonly ConfigEvidence[];
  /** Files that the person agreed to leave out: the checkpoint is read as if they were not there. */
  readonly leaveOut?: readonly string[];
}

/** What a model check reports, apart from what it costs, which model it is, and where it fits. */
export type CheckpointReport = Omit<ModelCheckReport, 'provenance' | 'fits' | 'bytesRead' | 'durationMs'>;

export interface CheckpointInspection {
  readonly inspection: InspectionView;
  readonly report: CheckpointReport;
  /** What the tensors prove, by the API's names. */
  readonly facts: ModelFacts;
  /** What would make the checkpoint whole: proven changes, open questions with candidates, files to leave out. */
  readonly repair: RepairProposal;
  /** Changes to config.json that are proven, for the person to approve; null when there are none. */
  readonly proposedPatch: ConfigPatch | null;
  /** The first finding that stops the job; null when converting may begin. */
  readonly blocking: Failure | null;
  /** Names of all files that belong to the checkpoint. */
  readonly files: readonly string[];
  readonly parameterCount: number;
  /** The dtype that most parameters have, e.g. `BF16`; null without weights. */
  readonly dtype: string | null;
}

/** What is wrong with config.json as it is, with the approved changes, and with all that is proposed. */
interface Assessments {
  readonly found: Assessment;
  readonly approved: Assessment;
  readonly repaired: Assessment;
  /** What no change to config.json can help, and what kept the change from being made. */
  readonly findings: readonly Finding[];
}

/** Headers prove shapes, not numbers; llama-quantize looks at those, and stops at a NaN. */
const VALUES_NOT_CHECKED: Finding = {
  code: 'values-not-checked',
  severity: 'note',
  message: 'The weights themselves were not read: whether one is infinite or no number shows when they are quantized.',
  remedy: '',
  evidence: [],
};
const NOTHING_ASSESSED: Assessment = { contradictions: [], findings: [], patch: {}, undetermined: [] };

/**
 * Reads config, index, tokenizer and all headers of a checkpoint, a few hundred kB in all, and says what is wrong with
 * it before anything is converted. Only errors of the reader itself are thrown; what is wrong is in the result.
 */
export async function inspectCheckpoint(
  reader: ByteRangeReader,
  options: InspectOptions,
): Promise<CheckpointInspection> {
  const read = await readCheckpoint(reader, new Set(options.leaveOut ?? []));
  const { files, headers, areWeightsWhole } = read;
  const facts = readTensorFacts(areWeightsWhole ? headers.flatMap((header) => header.tensors) : []);
  const { found, approved, repaired, findings } = await assessAll(reader, read, facts, options);
  const { dtype, facts: numbers, ...summary } = summarizeWeights(read.document?.value ?? null, files, headers, facts);
  const all = [...findings, ...found.findings, ...(areWeightsWhole ? [VALUES_NOT_CHECKED] : [])];
  const fileRepairs = proposeFileRepairs(files, all);
  const repair = { patch: found.patch, undetermined: found.undetermined, files: fileRepairs };
  const modelFacts = toModelFacts(facts);
  const stops = (after: Assessment) => {
    return blockingFailure([...findings, ...after.findings], Object.keys(after.patch).length > 0);
  };
  return {
    inspection: { ...summary, facts: numbers, contradictions: found.contradictions, findings: all },
    report: {
      ...summary,
      dtype,
      facts: modelFacts,
      findings: all,
      repair,
      stops: stops(found),
      stopsAfterRepair: leavesOutIndex(fileRepairs)
        ? await stopsWithoutIndex(reader, options, found.patch)
        : stops(repaired),
    },
    facts: modelFacts,
    repair,
    proposedPatch: Object.keys(found.patch).length === 0 ? null : found.patch,
    blocking: stops(approved),
    files: files?.files.map((file) => file.path) ?? [],
    parameterCount: summary.parameterCount,
    dtype,
  };
}

/** The files are chosen anew without the index, so they are read anew. */
async function stopsWithoutIndex(
  reader: ByteRangeReader,
  options: InspectOptions,
  patch: ConfigPatch,
): Promise<Failure | null> {
  const leaveOut = [...(options.leaveOut ?? []), WEIGHT_INDEX_FILE];
  const { blocking } = await inspectCheckpoint(reader, { ...options, configPatch: patch, leaveOut });
  return blocking;
}

async function assessAll(
  reader: ByteRangeReader,
  { files, headers, index, areWeightsWhole, document, findings: before }: CheckpointRead,
  facts: TensorFacts,
  options: InspectOptions,
): Promise<Assessments> {
  const findings = [...before];
  if (!document || !files || !areWeightsWhole) {
    return { found: NOTHING_ASSESSED, approved: NOTHING_ASSESSED, repaired: NOTHING_ASSESSED, findings };
  }
  const weights: Weights = { files, headers, index, facts, rotary: await readRotaryEvidence(reader, headers) };
  const tokenizer = await attempt(findings, () => checkTokenizer(reader, files.files, facts.facts.vocab_size));
  if (tokenizer) findings.push(tokenizer);
  const found = assess(document.value, document.value, weights, options);
  const after = async (patch: ConfigPatch): Promise<Assessment> => {
    const unrepairable: Finding[] = [];
    const config = await attempt(unrepairable, async () => patched(document, patch));
    if (config === null) return { ...NOTHING_ASSESSED, findings: unrepairable };
    return assess(document.value, config, weights, options);
  };
  return {
    found,
    approved: await after(options.configPatch ?? {}),
    repaired: await after(found.patch),
    findings,
  };
}

/** config.json as the converter will read it once the approved changes are written. */
function patched(document: ConfigDocument, approved: ConfigPatch): ConfigObject {
  return parsePythonJson(patchConfigText(document.text, approved)) as ConfigObject;
}

function assess(original: ConfigObject, config: ConfigObject, weights: Weights, options: InspectOptions): Assessment {
  return assessConfig(config, weights, {
    original,
    evidence: options.evidence ?? [],
    supportsArchitecture: (name) => options.supportsArchitecture(name),
  });
}
