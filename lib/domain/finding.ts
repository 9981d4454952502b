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
    | 'remote-code-ignored';
  readonly severity: Severity;
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
