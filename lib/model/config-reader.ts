import { type ClassDefault, type ClassDefaults, classDefaults } from './class-defaults';

/** A parsed config.json: anything a JSON object can be. */
export type ConfigObject = Readonly<Record<string, unknown>>;

/** Nested objects that hold the language model's fields in multimodal configs; the converter merges them into the root. */
const TEXT_SECTIONS = ['text_config', 'llm_config', 'lm_config', 'language_config', 'thinker_config'] as const;

export interface ConfigField {
  /** config.json's own key, with its section: `text_config.num_hidden_layers`. */
  readonly key: string;
  readonly value: unknown;
}

export interface ConfigReader {
  /** The language model's own `model_type`. */
  readonly modelType: string | null;
  /** What transformers fills in for this type; null when it does not know it, or the converter reads config.json raw. */
  readonly defaults: ClassDefaults | null;
  /** Empty for a flat config, else `text_config.`: where the language model's fields are written. */
  readonly section: string;
  /** The first of these keys that is there with a value other than null. */
  field(keys: readonly string[]): ConfigField | null;
  /** All of these keys that are there with a value other than null. */
  fields(keys: readonly string[]): readonly ConfigField[];
  /** The same as a number; null when absent or no number. */
  number(keys: readonly string[]): number | null;
  /** True also for a key whose value is null: somebody wrote it. */
  mentions(keys: readonly string[]): boolean;
  has(key: string): boolean;
}

/** Reads fields where the converter would: in the text section first, then at the root. */
export function openConfig(config: ConfigObject): ConfigReader {
  const name = TEXT_SECTIONS.find((key) => isObject(config[key]));
  const section = name === undefined ? '' : `${name}.`;
  const text = name === undefined ? {} : (config[name] as ConfigObject);
  const fields = (keys: readonly string[]): ConfigField[] => [
    ...keys.filter((key) => hasValue(text, key)).map((key) => ({ key: section + key, value: text[key] })),
    ...keys.filter((key) => hasValue(config, key) && !hasValue(text, key)).map((key) => ({ key, value: config[key] })),
    ...keys.flatMap((key) => withinSection(config, key)),
  ];
  const field = (keys: readonly string[]) => fields(keys)[0] ?? null;
  const modelType = languageType(config, text, name !== undefined);
  return {
    modelType,
    defaults: classDefaults(modelType),
    section,
    field,
    fields,
    number: (keys) => {
      const value = field(keys)?.value;
      return typeof value === 'number' ? value : null;
    },
    mentions: (keys) => keys.some((key) => Object.hasOwn(text, key) || Object.hasOwn(config, key)),
    has: (key) => field([key]) !== null,
  };
}

/** A dotted key reaches into a section that is no language model's own: `ffn_config.moe_num_experts`. */
function withinSection(config: ConfigObject, key: string): ConfigField[] {
  const [section = '', inner = ''] = key.split('.', 2);
  const object = Object.hasOwn(config, section) ? config[section] : null;
  return inner !== '' && isObject(object) && hasValue(object, inner) ? [{ key, value: object[inner] }] : [];
}

/** A section may leave its type out: then it is the one that the whole model's class gives it. */
function languageType(config: ConfigObject, text: ConfigObject, isNested: boolean): string | null {
  const own = text['model_type'];
  if (typeof own === 'string') return own;
  const root = config['model_type'];
  if (typeof root !== 'string') return null;
  return (isNested ? classDefaults(root)?.textType : null) ?? root;
}

/**
 * What an absent key becomes in this config; undefined when nothing is known to fill it in.
 * @param provenHidden the hidden size that the tensors prove: what config.json will say once it is repaired.
 */
export function defaultOf(
  config: ConfigReader,
  key: string,
  provenHidden: number | null = null,
): ClassDefault | undefined {
  const { defaults } = config;
  if (!defaults) return undefined;
  const number = (keys: readonly string[]): number | null => {
    const own = config.number(keys);
    if (own !== null) return own;
    const filled = defaults.value(defaults.ownKey(keys) ?? '', null, null);
    return typeof filled === 'number' ? filled : null;
  };
  return defaults.value(key, provenHidden ?? number(HIDDEN_KEYS), number(HEAD_KEYS));
}

export const HIDDEN_KEYS = ['hidden_size', 'n_embd', 'n_embed', 'd_model', 'dim'] as const;
export const HEAD_KEYS = ['num_attention_heads', 'n_head', 'n_heads', 'num_heads'] as const;
export const KEY_VALUE_KEYS = ['num_key_value_heads', 'n_kv_heads', 'num_kv_heads', 'n_head_kv'] as const;

/** Multimodal classes whose own name the converter takes for the language model too, whatever their text section says. */
const NAMED_AS_A_WHOLE = new Set([
  'StepVLForConditionalGeneration',
  'Sarashina2VisionForCausalLM',
  'Exaone4_5_ForConditionalGeneration',
  'Step3p7ForConditionalGeneration',
  'KimiK3ForConditionalGeneration',
]);

/**
 * The class that the converter chooses for the language model (its `get_model_architecture`): the text section's own
 * wins over the whole model's, as in SmolVLM and Qwen2-VL; Mamba's authors write `ssm_cfg` in place of a class. Null
 * when nothing names one.
 */
export function declaredArchitecture(config: ConfigObject): string | null {
  const whole = firstClass(config);
  if (whole !== null && NAMED_AS_A_WHOLE.has(whole)) return whole;
  const text = config['text_config'];
  const own = isObject(text) ? firstClass(text) : null;
  return own ?? whole ?? authorsMamba(config);
}

function firstClass({ architectures }: ConfigObject): string | null {
  const name = Array.isArray(architectures) ? architectures[0] : undefined;
  return typeof name === 'string' && name.trim() !== '' ? name : null;
}

/** Also without a `model_type`: nothing of it is missing, the converter reads such a config as it is. */
export function authorsMamba({ ssm_cfg: settings }: ConfigObject): string | null {
  if (!isObject(settings)) return null;
  const layer = settings['layer'] ?? 'Mamba';
  return typeof layer === 'string' ? `${layer}ForCausalLM` : null;
}

/** True for a JSON object, false for arrays and null. */
export function isObject(value: unknown): value is ConfigObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasValue(object: ConfigObject, key: string): boolean {
  return Object.hasOwn(object, key) && object[key] !== null && object[key] !== undefined;
}
