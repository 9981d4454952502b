import type { FailureCode } from './failure';

export type Severity = 'blocks' | 'damages' | 'note';

/** Something wrong with a checkpoint, with the tensor or file that proves it. */
export interface Finding {
  readonly code:
    | FailureCode
    | 'config-contradicts-tensors'
    | 'config-field-missing'
    | 'shards-duplicated'
    | 'vision-tower'
    | 'tied-embeddings'
    | 'remote-code-ignored'
    | 'tokenizer-files-disagree';
  readonly severity: Severity;
  /** config.json's own key, where the finding is about one field. */
  readonly field?: string;
  /** What config.json says there; null when the field is missing. */
  readonly configured?: number | string | boolean | null;
  /** What the tensors prove instead. */
  readonly actual?: number | string | boolean | null;
  /** The tensor that proves it. */
  readonly tensor?: string;
  readonly message: string;
  readonly remedy: string;
  readonly evidence: readonly string[];
}

/** One config.json field that the tensors contradict. */
export interface FieldContradiction {
  /** config.json's own key, e.g. `num_hidden_layers`. */
  readonly field: string;
  readonly configured: number | string | boolean | null;
  readonly actual: number;
  readonly tensor: string;
  readonly shape: readonly number[];
  readonly message: string;
}
