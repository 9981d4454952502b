import type { ConfigPatch } from '../domain/conversion-spec';
import { type ConfigObject, isObject } from './config-reader';

/**
 * A copy of config.json with a patch's fields set. A dotted key (`text_config.vocab_size`) reaches into the section of
 * that name when there is one; `architectures` becomes a list of one. Other keys are left exactly as they were.
 */
export function applyConfigPatch(config: ConfigObject, patch: ConfigPatch): Record<string, unknown> {
  const patched: Record<string, unknown> = { ...config };
  for (const [key, value] of Object.entries(patch)) {
    const [section, ...rest] = key.split('.');
    const inner = section === undefined ? undefined : patched[section];
    if (section !== undefined && rest.length > 0 && isObject(inner)) {
      patched[section] = applyConfigPatch(inner, { [rest.join('.')]: value });
    } else {
      const written = key === 'architectures' && typeof value === 'string' ? [value] : value;
      // Not an assignment: a key such as __proto__ must become a plain field.
      Object.defineProperty(patched, key, { value: written, enumerable: true, configurable: true, writable: true });
    }
  }
  return patched;
}
