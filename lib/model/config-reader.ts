/** A parsed config.json: anything a JSON object can be. */
export type ConfigObject = Readonly<Record<string, unknown>>;

/** Nested objects that hold the language model's fields in multimodal configs; the converter merges them into the root. */
const TEXT_SECTIONS = ['text_config', 'llm_config', 'language_config'] as const;

export interface ConfigField {
  /** config.json's own key, with its section: `text_config.num_hidden_layers`. */
  readonly key: string;
  readonly value: unknown;
}

export interface ConfigReader {
  readonly modelType: string | null;
  /** Empty for a flat config, else `text_config.`: where the language model's fields are written. */
  readonly section: string;
  /** The first of these keys that is there with a value other than null. */
  field(keys: readonly string[]): ConfigField | null;
  /** The same as a number; null when absent or no number. */
  number(keys: readonly string[]): number | null;
  has(key: string): boolean;
}

/** Reads fields where the converter would: in the text section first, then at the root. */
export function openConfig(config: ConfigObject): ConfigReader {
  const name = TEXT_SECTIONS.find((key) => isObject(config[key]));
  const section = name === undefined ? '' : `${name}.`;
  const text = name === undefined ? {} : (config[name] as ConfigObject);
  const field = (keys: readonly string[]): ConfigField | null => {
    for (const key of keys) if (hasValue(text, key)) return { key: section + key, value: text[key] };
    for (const key of keys) if (hasValue(config, key)) return { key, value: config[key] };
    return null;
  };
  const modelType = text['model_type'] ?? config['model_type'];
  return {
    modelType: typeof modelType === 'string' ? modelType : null,
    section,
    field,
    number: (keys) => {
      const value = field(keys)?.value;
      return typeof value === 'number' ? value : null;
    },
    has: (key) => field([key]) !== null,
  };
}

/** True for a JSON object, false for arrays and null. */
export function isObject(value: unknown): value is ConfigObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasValue(object: ConfigObject, key: string): boolean {
  return Object.hasOwn(object, key) && object[key] !== null && object[key] !== undefined;
}
