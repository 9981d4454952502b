import type { Finding, Severity } from '../domain/finding';
import { type ConfigObject, type ConfigReader, defaultOf } from './config-reader';
import type { OpenField } from './open-field';
import { SHAPELESS_FIELDS, type ShapelessField } from './shapeless-fields';
import type { TensorFacts } from './tensor-facts';

export interface ShapelessCheck {
  readonly open: readonly OpenField[];
  /** Fields whose absence is no fault: said, and left. */
  readonly notes: readonly Finding[];
}

type Candidate = number | string | boolean | null;

/**
 * What config.json fails to say although no shape can replace it. transformers writes every field of its class into a
 * whole config.json, so an absent one was lost, or is older than the field; a nested section leaves out what equals
 * its class default, and is believed. A config.json that no version of transformers signed may be written by hand: then
 * the default may be meant, which is said and not stopped for.
 * @param wasStripped config.json had lost what it is there for, so that no absence means anything.
 */
export function checkShapeless(facts: TensorFacts, config: ConfigReader, wasStripped: boolean): ShapelessCheck {
  const open: OpenField[] = [];
  const notes: Finding[] = [];
  if (!config.defaults || facts.family === null || !isWrittenWhole(config)) return { open, notes };
  const version = versionOf(config);
  const severity = wasStripped || version !== null ? 'blocks' : 'damages';
  for (const field of SHAPELESS_FIELDS) {
    const isListed = field.assumed === undefined;
    const own = config.defaults.ownKey(field.keys) ?? (isListed ? null : (field.keys[0] ?? null));
    if (own === null || !applies(field, facts, config) || config.mentions(field.keys)) continue;
    const key = config.section + own;
    const assumed = isListed ? defaultOf(config, own) : field.assumed;
    if (own === 'rope_scaling' && isSettled(field, config, version)) continue;
    if (isSettled(field, config, version)) notes.push(note(field, key, assumed));
    else open.push(question(field, key, assumed, candidates(field, facts, config, assumed), severity));
  }
  return { open, notes };
}

/** Fields that nobody writes by hand, with what nearly every class has for them. */
const NEVER_BY_HAND: Readonly<Record<string, unknown>> = {
  attention_dropout: 0,
  initializer_range: 0.02,
  use_cache: true,
  hidden_act: 'silu',
};

/** False for a nested section that lists only what differs from its class. */
function isWrittenWhole(config: ConfigReader): boolean {
  if (config.section === '') return true;
  const written = Object.entries(NEVER_BY_HAND).filter(([key, usual]) => {
    const field = config.field([key]);
    return field?.key.startsWith(config.section) === true && field.value === usual;
  });
  return written.length >= 3;
}

/** A config.json without the fields that no shape could refute, but for those that a person has answered. */
export function withoutShapeless(config: ConfigObject, answered: ReadonlySet<string>): ConfigObject {
  const doubtful = new Set(SHAPELESS_FIELDS.flatMap(({ keys }) => keys).filter((key) => !answered.has(key)));
  return Object.fromEntries(Object.entries(config).filter(([key]) => !doubtful.has(key)));
}

function applies(field: ShapelessField, facts: TensorFacts, config: ConfigReader): boolean {
  const type = config.modelType ?? '';
  if (field.types && !field.types.includes(type)) return false;
  return field.exceptTypes?.includes(type) !== true && field.needs?.(facts) !== false;
}

function isSettled(field: ShapelessField, config: ConfigReader, version: readonly number[] | null): boolean {
  return field.settledTypes?.includes(config.modelType ?? '') === true || field.mayLack?.(config, version) === true;
}

function candidates(
  field: ShapelessField,
  facts: TensorFacts,
  config: ConfigReader,
  assumed: Candidate | undefined,
): Candidate[] {
  const likely: Candidate[] = [...(field.candidates?.(facts, config) ?? [])];
  return [...new Set(assumed === undefined ? likely : [...likely, assumed])];
}

function question(
  field: ShapelessField,
  key: string,
  assumed: unknown,
  options: Candidate[],
  severity: Severity,
): OpenField {
  return {
    field: key,
    configured: null,
    candidates: options,
    reason: `No shape tells the ${field.label}; the converter would silently assume ${String(assumed)}. ${field.effect}`,
    tensor: null,
    severity,
  };
}

function note(field: ShapelessField, key: string, assumed: unknown): Finding {
  return {
    code: 'config-field-missing',
    severity: 'note',
    field: key,
    configured: null,
    message: `config.json has no ${key}; ${String(assumed)} is used, which is right for models of this kind and age.`,
    remedy: '',
    evidence: [field.label],
  };
}

function versionOf(config: ConfigReader): readonly number[] | null {
  const text = config.field(['transformers_version'])?.value;
  const [, major, minor] = typeof text === 'string' ? (/^(\d{1,4})\.(\d{1,4})/.exec(text) ?? []) : [];
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor)];
}
