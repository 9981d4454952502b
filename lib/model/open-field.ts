import type { Severity } from '../domain/finding';

/** A config.json field that shapes leave open and that somebody has to answer: what could be true, best first. */
export interface OpenField {
  /** config.json's own key, with its section. */
  readonly field: string;
  /** What config.json says, null when it says nothing. */
  readonly configured: number | string | boolean | null;
  readonly candidates: readonly (number | string | boolean | null)[];
  readonly reason: string;
  readonly tensor: string | null;
  readonly severity: Severity;
  /** True when what config.json says fits the shapes, as other values do too. */
  readonly isConsistent?: boolean;
}
