import * as z from 'zod';
import type { ConfigPatch } from './conversion-spec';
import type { Failure } from './failure';
import type { FileRepair } from './file-repair';
import type { Finding } from './finding';
import { hasChanges } from './has-changes';
import type { QuantizationType } from './quantization-types';
import { folderPathSchema, hubSourceSchema } from './source';

/** What a tensor's shape proves about a checkpoint, by the names that the API uses. */
export const MODEL_FACTS = [
  'numHiddenLayers',
  'hiddenSize',
  'vocabSize',
  'intermediateSize',
  'moeIntermediateSize',
  'sharedExpertIntermediateSize',
  'numExperts',
  'numAttentionHeads',
  'numKeyValueHeads',
  'headDim',
  'qLoraRank',
  'kvLoraRank',
  'tieWordEmbeddings',
  'attentionBias',
  'mlpBias',
  'maxPositionEmbeddings',
  'typeVocabSize',
] as const;
export type ModelFactName = (typeof MODEL_FACTS)[number];

/** One proven value with its proof: the tensor and the shape it is read from. */
export interface ModelFact {
  readonly value: number | boolean;
  readonly tensor: string;
  readonly shape: readonly number[];
}
export type ModelFacts = Readonly<Partial<Record<ModelFactName, ModelFact>>>;

/** A config.json field that shapes leave open: what could be true, best first, and why it cannot be told. */
export interface UndeterminedField {
  /** config.json's own key, with its section: `text_config.rope_theta`. */
  readonly field: string;
  readonly candidates: readonly (number | string | boolean | null)[];
  readonly reason: string;
}

/** A value that config.json can hold where a question is about it. */
export const answerValueSchema = z.union([z.number(), z.string().max(200), z.boolean(), z.null()]);
export type AnswerValue = z.infer<typeof answerValueSchema>;
/** Answers to open questions by config.json's own keys. */
export const answersSchema = z.record(z.string().min(1).max(100), answerValueSchema);
export type Answers = z.infer<typeof answersSchema>;

/** One thing that could be true, for a person who has to choose. */
export interface AnswerOption {
  readonly value: AnswerValue;
  /** What it would mean for the model; empty where the value says it all. */
  readonly meaning: string;
  /** Where it comes from: config.json itself, another one, the class, or habit. */
  readonly source: string;
}

/** Which numbers besides the candidates may be given. */
export interface AnswerLimits {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

/** An undetermined field as it is put to a person. */
export interface OpenQuestion extends UndeterminedField {
  readonly options: readonly AnswerOption[];
  /** Null: one of the candidates, since nothing else fits the weights. */
  readonly limits: AnswerLimits | null;
  /** Converting waits for the answer. */
  readonly isRequired: boolean;
}

/** A question with what the person said. */
export interface AnsweredQuestion extends OpenQuestion {
  readonly value: AnswerValue;
}

/** An answer that the weights contradict, with why. */
export interface RefusedAnswer {
  readonly field: string;
  readonly value: AnswerValue;
  readonly message: string;
}

export interface RepairProposal {
  /** config.json's own keys; only what differs or is missing and is certain. */
  readonly patch: ConfigPatch;
  readonly undetermined: readonly OpenQuestion[];
  readonly files: readonly FileRepair[];
  /** What the person answered; where it changes config.json, `patch` holds it too. */
  readonly answers: readonly AnsweredQuestion[];
}

/** A known model that these shapes belong to, or nearly. */
export interface ProvenanceMatch {
  /** Hub id, e.g. `microsoft/phi-4`. */
  readonly model: string;
  /** True when every known dimension agrees, added vocabulary rows tolerated. */
  readonly exact: boolean;
  readonly differences: readonly {
    readonly field: ModelFactName;
    readonly expected: number;
    readonly actual: number;
  }[];
}

export type FitVerdict = 'fits' | 'tight' | 'too-big';

/** One quantization on one device. */
export interface Fit {
  readonly type: QuantizationType;
  readonly sizeBytes: number;
  /** File, KV cache of `contextTokens` and compute buffers together. */
  readonly ramBytes: number;
  readonly contextTokens: number;
  /** The same for shorter and longer conversations, the shortest first. */
  readonly ramByContext: readonly { readonly contextTokens: number; readonly ramBytes: number }[];
  readonly verdict: FitVerdict;
  /** True for the one that we would choose. */
  readonly isRecommended: boolean;
  /** Quality in a few words, and for the recommended one why it is. */
  readonly note: string;
}

/** What disk and memory of a job's steps are planned from. */
export interface WorkSizes {
  readonly baseType: 'F16' | 'BF16' | 'F32';
  /** All files that are fetched. */
  readonly sourceBytes: number;
  /** Elements of the largest tensor: an embedding, or the stacked experts of a layer. */
  readonly largestTensorElements: number;
}

export const MODEL_CHECK_STATUSES = ['queued', 'running', 'succeeded', 'failed'] as const;
export type ModelCheckStatus = (typeof MODEL_CHECK_STATUSES)[number];

/** What a check may look at: a model of the hub, a folder of the dashboard's machine, or one of an instance. */
export const checkSourceSchema = z.discriminatedUnion('kind', [
  hubSourceSchema,
  z.object({
    kind: z.literal('folder'),
    /** The instance that the folder is on; null for the dashboard's own machine. */
    instanceId: z.string().min(1).max(64).nullable().default(null),
    path: folderPathSchema,
  }),
]);
export type CheckSource = z.infer<typeof checkSourceSchema>;

/** The body of `POST /api/v1/model-checks/{checkId}/answers`. */
export const modelCheckAnswersSchema = z.object({
  answers: answersSchema.describe(
    'Values by field; they replace those given before, so that an absent one is taken back.',
  ),
});

/** The body of `POST /api/v1/model-checks`. */
export const modelCheckRequestSchema = z.object({ source: checkSourceSchema });

/** A checkpoint looked at without downloading it. */
export interface ModelCheckReport {
  readonly architecture: string | null;
  readonly parameterCount: number;
  readonly tensorCount: number;
  readonly totalBytes: number;
  /** The dtype that most parameters have, e.g. `BF16`. */
  readonly dtype: string | null;
  readonly facts: ModelFacts;
  readonly findings: readonly Finding[];
  readonly repair: RepairProposal;
  readonly provenance: readonly ProvenanceMatch[];
  readonly fits: readonly Fit[];
  /** Null without weights, and in reports of an earlier version. */
  readonly work?: WorkSizes | null;
  /** Answers that turned out to contradict the checkpoint as it is now; they are not part of the repair. */
  readonly refusedAnswers: readonly RefusedAnswer[];
  /** What would stop a job with this checkpoint as it is; null when nothing does. */
  readonly stops: Failure | null;
  /** The same once the repair is applied. */
  readonly stopsAfterRepair: Failure | null;
  /** After the repair nothing but unanswered questions stops it. */
  readonly waitsForAnswers: boolean;
  /** Bytes of the checkpoint that were read to find all this. */
  readonly bytesRead: number;
  readonly durationMs: number;
}

/** A check as pages and the API show it. */
export interface ModelCheckView {
  readonly id: string;
  readonly source: CheckSource;
  readonly status: ModelCheckStatus;
  /** Commit that the revision resolved to; null for a folder and until it is known. */
  readonly commit: string | null;
  readonly report: ModelCheckReport | null;
  /** Why the checkpoint could not be looked at; what is wrong inside it is in the report's findings. */
  readonly failure: Failure | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** Whether a job may be started with a checkpoint: as it is, after its repair, after an answer, or not at all. */
export type Readiness = 'ready' | 'repairable' | 'unanswered' | 'blocked';

export function readinessOf(
  report: Pick<ModelCheckReport, 'stops' | 'stopsAfterRepair' | 'repair' | 'waitsForAnswers'>,
): Readiness {
  if (report.stops === null) return 'ready';
  if (hasChanges(report.repair) && report.stopsAfterRepair === null) return 'repairable';
  return report.waitsForAnswers ? 'unanswered' : 'blocked';
}

/** What a source is called in a heading, and what it is called in full. */
export function checkSourceText(source: CheckSource): string {
  if (source.kind === 'hub') return source.revision === 'main' ? source.repo : `${source.repo}@${source.revision}`;
  return source.path;
}
