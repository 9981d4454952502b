import type { ConfigPatch } from './conversion-spec';
import type { Finding } from './finding';
import type { QuantizationType } from './quantization-types';

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

/** A change to the checkpoint's files other than fields of config.json, for the person to approve. */
export type FileRepair =
  | {
      readonly kind: 'set-tokenizer-class';
      readonly file: string;
      readonly before: string | null;
      readonly after: string;
    }
  | { readonly kind: 'take-file-from'; readonly file: string; readonly repo: string; readonly reason: string }
  | { readonly kind: 'leave-out'; readonly files: readonly string[]; readonly reason: string };

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
  readonly verdict: FitVerdict;
  /** True for the one that we would choose. */
  readonly isRecommended: boolean;
  /** Quality in a few words, and for the recommended one why it is. */
  readonly note: string;
}

export type ModelCheckStatus = 'queued' | 'running' | 'succeeded' | 'failed';

/** A checkpoint looked at without downloading it: the answer of `POST /api/v1/model-checks`. */
export interface ModelCheckReport {
  readonly facts: ModelFacts;
  readonly findings: readonly Finding[];
  readonly repair: RepairProposal;
  readonly provenance: readonly ProvenanceMatch[];
  readonly fits: readonly Fit[];
  readonly bytesRead: number;
  readonly durationMs: number;
}
