import * as z from 'zod';
import type { ConfigPatch } from './conversion-spec';
import type { Failure } from './failure';
import type { FileRepair } from './file-repair';
import type { Finding } from './finding';
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

export interface RepairProposal {
  /** config.json's own keys; only what differs or is missing and is certain. */
  readonly patch: ConfigPatch;
  readonly undetermined: readonly UndeterminedField[];
  readonly files: readonly FileRepair[];
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
  /** What would stop a job with this checkpoint as it is; null when nothing does. */
  readonly stops: Failure | null;
  /** The same once the repair is applied. */
  readonly stopsAfterRepair: Failure | null;
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

/** Whether a job may be started with a checkpoint: as it is, after its repair, or not at all. */
export type Readiness = 'ready' | 'repairable' | 'blocked';

export function readinessOf(report: Pick<ModelCheckReport, 'stops' | 'stopsAfterRepair' | 'repair'>): Readiness {
  const hasRepair = Object.keys(report.repair.patch).length > 0 || report.repair.files.length > 0;
  if (report.stops === null) return 'ready';
  return hasRepair && report.stopsAfterRepair === null ? 'repairable' : 'blocked';
}

/** What a source is called in a heading, and what it is called in full. */
export function checkSourceText(source: CheckSource): string {
  if (source.kind === 'hub') return source.revision === 'main' ? source.repo : `${source.repo}@${source.revision}`;
  return source.path;
}
