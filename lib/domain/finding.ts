import type { FailureCode } from './failure';

export type Severity = 'blocks' | 'damages' | 'note';

/**
 * What a check of a checkpoint can find beyond the failures that a job can end with (`model-…` and the hub's): things
 * about single fields, and things worth knowing that stop nothing.
 */
export const CHECK_CODES = [
  'config-contradicts-tensors',
  'config-field-missing',
  'config-value-misspelled',
  'config-stripped',
  'config-differs-from-evidence',
  'heads-not-proven',
  'shards-duplicated',
  'vision-tower',
  'tied-embeddings',
  'remote-code-ignored',
  'values-not-checked',
  'tokenizer-files-disagree',
  'tokenizer-by-parts',
  'generation-config-doubtful',
  'card-unreadable',
] as const;

export type FindingCode = FailureCode | (typeof CHECK_CODES)[number];

/** Something wrong with a checkpoint, with the tensor or file that proves it. */
export interface Finding {
  readonly code: FindingCode;
  /** `blocks`: converting fails or gives a wrong file. `damages`: it may. `note`: good to know. */
  readonly severity: Severity;
  /** config.json's own key, where the finding is about one field. */
  readonly field?: string | undefined;
  /** What config.json says there; null when the field is missing. */
  readonly configured?: number | string | boolean | null | undefined;
  /** What the tensors prove instead. */
  readonly actual?: number | string | boolean | null | undefined;
  /** The tensor that proves it. */
  readonly tensor?: string | undefined;
  readonly message: string;
  readonly remedy: string;
  readonly evidence: readonly string[];
}

/** One config.json field that the tensors contradict. */
export interface FieldContradiction {
  /** config.json's own key, e.g. `num_hidden_layers`. */
  readonly field: string;
  readonly configured: number | string | boolean | null;
  readonly actual: number | boolean;
  readonly tensor: string;
  readonly shape: readonly number[];
  readonly message: string;
}
