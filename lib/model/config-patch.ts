import type { ConfigPatch } from '../domain/conversion-spec';
import { type ConfigObject, isObject } from './config-reader';

/** Sections that a patch may create: objects that the converter reads inside config.json. */
export const SECTIONS: ReadonlySet<string> = new Set([
  'rope_scaling',
  'rope_parameters',
  'text_config',
  'llm_config',
  'quantization_config',
]);
const MAX_LIST = 1024;

/**
 * A copy of config.json with a patch's fields set. A dotted key (`text_config.vocab_size`) reaches into the section of
 * that name when there is one; `architectures` becomes a list of one. Other keys are left exactly as they were.
 */
export function applyConfigPatch(config: ConfigObject, patch: ConfigPatch): Record<string, unknown> {
  const patched: Record<string, unknown> = { ...config };
  for (const [key, value] of Object.entries(patch)) {
    const [section, ...rest] = key.split('.');
    const inner = section === undefined ? undefined : sectionOf(patched, section);
    if (section !== undefined && rest.length > 0 && inner && !Object.hasOwn(patch, section)) {
      setField(patched, section, applyConfigPatch(inner, { [rest.join('.')]: value }));
    } else {
      setField(patched, key, key === 'architectures' && typeof value === 'string' ? [value] : value);
    }
  }
  return patched;
}

/** Not an assignment: a key such as __proto__ must become a plain field. */
function setField(config: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(config, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A config.json as a patch would say it: dotted keys for known sections, scalars and short lists of scalars only. */
export function flattenConfig(config: ConfigObject): ConfigPatch {
  const entries: [string, ConfigPatch[string]][] = [];
  for (const [key, value] of Object.entries(config)) {
    if (isObject(value) && SECTIONS.has(key)) {
      for (const [inner, each] of Object.entries(flattenConfig(value))) entries.push([`${key}.${inner}`, each]);
    } else if (isScalar(value) || (Array.isArray(value) && value.length <= MAX_LIST && value.every(isScalar))) {
      entries.push([key, value]);
    }
  }
  return Object.fromEntries(entries);
}

function sectionOf(config: ConfigObject, name: string): ConfigObject | null {
  const inner = Object.hasOwn(config, name) ? config[name] : undefined;
  if (isObject(inner)) return inner;
  return SECTIONS.has(name) ? {} : null;
}

function isScalar(value: unknown): value is number | string | boolean | null {
  return value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
}
