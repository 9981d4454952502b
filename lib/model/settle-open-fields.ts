import type { ConfigPatch } from '../domain/conversion-spec';
import type { Finding } from '../domain/finding';
import type { UndeterminedField } from '../domain/model-check';
import { bareKey, type ConfigEvidence, settle } from './config-evidence';
import type { OpenField } from './open-field';

export interface SettledFields {
  readonly patch: ConfigPatch;
  readonly undetermined: readonly UndeterminedField[];
  readonly findings: readonly Finding[];
}

/** Keys that say the same under another name, so that evidence of another age still answers. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['rope_theta', 'rotary_emb_base', 'global_rope_theta'],
  ['partial_rotary_factor', 'rotary_pct', 'rope_pct'],
  ['rms_norm_eps', 'norm_eps', 'layer_norm_eps', 'layer_norm_epsilon', 'norm_epsilon'],
  ['num_attention_heads', 'n_head', 'n_heads', 'num_heads'],
  ['num_key_value_heads', 'n_kv_heads', 'num_kv_heads'],
  ['max_position_embeddings', 'n_positions'],
];

/** The keys under which a config.json may say what this field says. */
export function keysOfField(field: string): readonly string[] {
  const key = bareKey(field);
  return SYNONYMS.find((keys) => keys.includes(key)) ?? [key];
}

/** Answers open fields from evidence, never from a default; what nothing answers goes to the person, with candidates. */
export function settleOpenFields(open: readonly OpenField[], evidence: readonly ConfigEvidence[]): SettledFields {
  const patch: Record<string, number | string | boolean | null> = {};
  const undetermined: UndeterminedField[] = [];
  const findings: Finding[] = [];
  for (const field of open) {
    const answer = settle(evidence, keysOfField(field.field));
    const value = answer && toScalar(answer.value);
    // Where config.json fits the shapes, evidence that differs has its own check.
    if (answer && value !== undefined && field.isConsistent) continue;
    if (answer && value !== undefined && value !== field.configured) {
      patch[field.field] = value;
      findings.push(settledFinding(field, value, answer.source));
    } else if (!answer || value === undefined) {
      undetermined.push({ field: field.field, candidates: field.candidates, reason: field.reason });
      findings.push(field.isConsistent ? unprovenFinding(field) : openFinding(field));
    }
  }
  return { patch, undetermined, findings };
}

function toScalar(value: unknown): number | string | boolean | null | undefined {
  const isScalar =
    value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
  return isScalar ? (value as number | string | boolean | null) : undefined;
}

function settledFinding(field: OpenField, value: number | string | boolean | null, source: string): Finding {
  return {
    ...aboutField(field),
    actual: value,
    message: `${describe(field)} ${field.reason} ${source} says ${String(value)}, and agrees with everything that the tensors prove.`,
    remedy: `Accept the repaired config.json: it takes ${field.field} from ${source}.`,
    evidence: [source],
  };
}

function unprovenFinding(field: OpenField): Finding {
  const others = field.candidates
    .filter((candidate) => candidate !== field.configured)
    .slice(0, 8)
    .map(String)
    .join(', ');
  return {
    ...aboutField(field),
    code: 'heads-not-proven',
    message: `config.json says ${String(field.configured)} attention heads, which fits the weights; so would ${others}. Shapes alone cannot prove it, and no other config.json was there to ask.`,
    remedy: '',
    evidence: [field.reason],
  };
}

function openFinding(field: OpenField): Finding {
  const options = field.candidates.slice(0, 8).map(String).join(', ');
  return {
    ...aboutField(field),
    message: `${describe(field)} ${field.reason}`,
    remedy: `Take ${field.field} from the base model's config.json${options === '' ? '' : `. Possible: ${options}`}.`,
    evidence: options === '' ? [] : [`candidates: ${options}`],
  };
}

function aboutField(field: OpenField): Pick<Finding, 'code' | 'severity' | 'field' | 'configured' | 'tensor'> {
  return {
    code: field.configured === null ? 'config-field-missing' : 'config-contradicts-tensors',
    severity: field.severity,
    field: field.field,
    configured: field.configured,
    ...(field.tensor === null ? {} : { tensor: field.tensor }),
  };
}

function describe(field: OpenField): string {
  if (field.configured === null) return `config.json has no ${field.field}.`;
  return `${field.field}: config.json says ${String(field.configured)}, which does not fit.`;
}
