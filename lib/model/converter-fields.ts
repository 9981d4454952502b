import type { ConfigPatch } from '../domain/conversion-spec';
import type { Finding } from '../domain/finding';
import type { ConfigReader } from './config-reader';

/** A field that the pinned converter reads without fallback, although transformers' class has none of that name. */
interface ConverterField {
  readonly modelType: string;
  readonly key: string;
  readonly value: number | SameAs;
  readonly reason: string;
}

/** Says the same under the name that transformers gives it. */
interface SameAs {
  readonly sameAs: string;
}

/** Found by comparing every `hparams["…"]` of the converter's classes with the keys of transformers' (n_ctx of GPT-2 is proven by a shape). */
const CONVERTER_FIELDS: readonly ConverterField[] = [
  {
    modelType: 'cohere2',
    key: 'rotary_pct',
    value: 1,
    reason: 'the class rotates whole heads, which is 1',
  },
  {
    modelType: 'modernbert',
    key: 'layer_norm_eps',
    value: { sameAs: 'norm_eps' },
    reason: 'norm_eps says the same, and is read for norms of another kind only',
  },
];

/** Fields without which converting stops with a KeyError, or writes a file that lacks them, although the checkpoint is whole. */
export function checkConverterFields(config: ConfigReader): { patch: ConfigPatch; findings: Finding[] } {
  const missing = CONVERTER_FIELDS.filter(({ modelType, key }) => modelType === config.modelType && !config.has(key))
    .map((field) => ({ ...field, value: wantedValue(field, config) }))
    .filter((field): field is typeof field & { value: number } => field.value !== null);
  const patch = Object.fromEntries(missing.map(({ key, value }) => [config.section + key, value]));
  const findings = missing.map(
    ({ key, value, reason }): Finding => ({
      code: 'config-field-missing',
      severity: 'blocks',
      field: config.section + key,
      configured: null,
      actual: value,
      message: `config.json has no ${key}, which the converter reads and transformers does not write: ${reason}.`,
      remedy: 'Accept the repaired config.json: it adds the field.',
      evidence: [],
    }),
  );
  return { patch, findings };
}

function wantedValue({ value }: ConverterField, config: ConfigReader): number | null {
  return typeof value === 'number' ? value : config.number([value.sameAs]);
}
