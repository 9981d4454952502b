import type { ClassCheck } from './class-check-result';
import { classDefaults, listSectionedTypes } from './class-defaults';
import { type ConfigObject, declaredArchitecture, isObject } from './config-reader';
import type { OpenField } from './open-field';

/** Fields that only one class of those with the same text part has. */
const OWN_FIELDS: Readonly<Record<string, string>> = { mistral3: 'spatial_merge_size' };
/** Takes any text part; transformers' table names Llama's for it. */
const ANY_TEXT = { modelType: 'llava', architecture: 'LlavaForConditionalGeneration' };

/**
 * A config.json with parts for text and images that calls itself after its text part alone: the converter would write a file
 * of that class, with other positions or scales than the whole one's. Null when it calls itself as it must.
 */
export function checkWholeClass(config: ConfigObject): ClassCheck | null {
  const { text_config: text, vision_config: vision, model_type: type } = config;
  if (!isObject(text) || !isObject(vision) || typeof type !== 'string' || text['model_type'] !== type) return null;
  const known = listSectionedTypes().filter((whole) => classDefaults(whole)?.textType === type);
  const wholes = known.map((modelType) => ({ modelType, architecture: classDefaults(modelType)?.architecture ?? '' }));
  const proven = wholes.filter(({ modelType }) => Object.hasOwn(config, OWN_FIELDS[modelType] ?? 'model_type.none'));
  const [only] = proven;
  if (only && proven.length === 1) return decided(only, type);
  return { patch: {}, findings: [], open: questions([...wholes, ANY_TEXT], type, declaredArchitecture(config)) };
}

type WholeClass = typeof ANY_TEXT;

function decided({ modelType, architecture }: WholeClass, type: string): ClassCheck {
  const own = OWN_FIELDS[modelType] ?? '';
  return {
    patch: { model_type: modelType, architectures: architecture },
    findings: [
      {
        code: 'config-contradicts-tensors',
        severity: 'blocks',
        field: 'model_type',
        configured: type,
        actual: modelType,
        message: `model_type: config.json says ${type}, which is its text part's; the whole has a part for images and ${own}, as ${architecture} alone has.`,
        remedy: 'Accept the repaired config.json: it names the class of the whole model.',
        evidence: ['config.json: text_config, vision_config', `config.json: ${own}`],
      },
    ],
    open: [],
  };
}

function questions(wholes: readonly WholeClass[], type: string, architecture: string | null): OpenField[] {
  const reason = `config.json has a part for text and one for images, but its model_type ${type} is that of the text part alone. The converter treats the whole in another way.`;
  const ask = (field: string, configured: string | null, candidates: readonly string[]): OpenField => ({
    field,
    configured,
    candidates,
    reason,
    tensor: null,
    severity: 'blocks',
  });
  return [
    ask(
      'model_type',
      type,
      wholes.map(({ modelType }) => modelType),
    ),
    ask(
      'architectures',
      architecture,
      wholes.map((whole) => whole.architecture),
    ),
  ];
}
