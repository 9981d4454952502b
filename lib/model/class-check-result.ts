import type { ConfigPatch } from '../domain/conversion-spec';
import type { Finding } from '../domain/finding';
import type { OpenField } from './open-field';

export interface ClassCheck {
  /** `model_type` and `architectures` as the tensors' names prove them. */
  readonly patch: ConfigPatch;
  readonly findings: readonly Finding[];
  readonly open: readonly OpenField[];
}
