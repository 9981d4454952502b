import type { ConfigPatch } from '../domain/conversion-spec';
import type { Finding } from '../domain/finding';
import { type ConfigObject, isObject } from './config-reader';

const KINDS = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'];

/**
 * Special tokens with a number below zero, which once stood for none: `ValueError: invalid value for special token type pad: -1`
 * (gguf-py, `vocab.py`). The converter takes null for none, and the tokenizer's own word before config.json's.
 */
export function checkSpecialIds(config: ConfigObject): {
  readonly patch: ConfigPatch;
  readonly findings: readonly Finding[];
} {
  const text = config['text_config'];
  const sections = [['', config] as const, ...(isObject(text) ? [['text_config.', text] as const] : [])];
  const wrong = sections.flatMap(([section, object]) =>
    KINDS.map((kind) => `${kind}_token_id`)
      .map((key) => [section + key, object[key]] as const)
      .filter((entry): entry is readonly [string, number] => typeof entry[1] === 'number' && entry[1] < 0),
  );
  return {
    patch: Object.fromEntries(wrong.map(([field]) => [field, null])),
    findings: wrong.map(([field, said]) => ({
      code: 'config-value-misspelled',
      severity: 'blocks',
      field,
      configured: said,
      actual: null,
      message: `${field}: config.json says ${said}, and no token has a number below zero; the converter stops at it, and takes null for none.`,
      remedy: 'Accept the repaired config.json: it says null.',
      evidence: [`config.json: "${field}": ${said}`],
    })),
  };
}
