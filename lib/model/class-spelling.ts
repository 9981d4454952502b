import type { ConfigPatch } from '../domain/conversion-spec';
import type { Finding } from '../domain/finding';
import { classDefaults, typeOfArchitecture } from './class-defaults';
import { type ConfigObject, declaredArchitecture, isObject } from './config-reader';
import type { ModelSignature } from './model-signatures';
import { listSupportedTextArchitectures } from './supported-architectures';

/** Whatever wraps a causal language model ends like this; a classifier or a reward model has another output. */
const LANGUAGE_MODEL = /(ForCausalLM|LMHeadModel|ForCausalLMWithValueHead)$/;

/** Programs around a model, by the names that PyTorch, PEFT, DeepSpeed and the like give their classes: `OptimizedModule`. */
const WRAPPER = /(Module|Parallel|Engine|Wrapper|Trainer)$|^(Peft|Lora|Auto)Model$/;

/** A class or a type that the converter and transformers know under another spelling. */
export function checkClassSpelling(
  config: ConfigObject,
  matching: readonly ModelSignature[],
  supports: (name: string) => boolean,
): { readonly patch: ConfigPatch; readonly findings: readonly Finding[] } {
  const architecture = declaredArchitecture(config);
  const known = architecture === null ? null : knownSpelling(architecture, config, matching, supports);
  const type = typeof config['model_type'] === 'string' ? config['model_type'] : null;
  const typeOfClass = typeOfArchitecture(known ?? architecture ?? '');
  const isOtherCase = type !== null && classDefaults(type) === null && isAlike(type, typeOfClass ?? '');
  const changes = [
    ...(architecture !== null && known !== null ? [['architectures', architecture, known] as const] : []),
    ...(type !== null && typeOfClass !== null && isOtherCase ? [['model_type', type, typeOfClass] as const] : []),
  ];
  return {
    patch: Object.fromEntries(changes.map(([field, , name]) => [field, name])),
    findings: changes.map(([field, configured, actual]) => ({
      code: 'config-contradicts-tensors',
      severity: 'blocks',
      field,
      configured,
      actual,
      message: `${field}: config.json says ${configured.slice(0, 100)}; the converter knows this class of model as ${actual} only.`,
      remedy: 'Accept the repaired config.json: it names the same class as the converter does.',
      evidence: [`config.json: ${field} ${configured.slice(0, 100)}`],
    })),
  };
}

/**
 * The name that the converter has for a class that it does not know as it is written: the same letters in another case
 * (transformers' `MptForCausalLM` is `MPTForCausalLM` there, `PhimoeForCausalLM` is `PhiMoEForCausalLM`), or, for a
 * wrapper's name (`PeftModelForCausalLM`) over tensors that are exactly those of model_type, that type's class. Null when
 * neither is so, or code of its own may compute something else.
 */
function knownSpelling(
  architecture: string,
  config: ConfigObject,
  matching: readonly ModelSignature[],
  supports: (name: string) => boolean,
): string | null {
  if (supports(architecture)) return null;
  const type = typeof config['model_type'] === 'string' ? config['model_type'] : '';
  const own = converterClass(type, supports);
  const alike = listSupportedTextArchitectures().filter((name) => supports(name) && isAlike(name, architecture));
  if (alike.length > 0) return alike.find((name) => name === own) ?? alike[0] ?? null;
  const isWrapper = WRAPPER.test(architecture);
  if ((!LANGUAGE_MODEL.test(architecture) && !isWrapper) || isObject(config['auto_map'])) return null;
  const isLanguageModel = own !== null && LANGUAGE_MODEL.test(own);
  return isLanguageModel && matching.some(({ modelType }) => modelType === type) ? own : null;
}

/** The class of a type, by the name that the converter has for it; null when it has none. */
export function converterClass(type: string, supports: (name: string) => boolean): string | null {
  const own = classDefaults(type)?.architecture ?? null;
  if (own === null || supports(own)) return own;
  return listSupportedTextArchitectures().find((name) => supports(name) && isAlike(name, own)) ?? null;
}

/**
 * The class of a type that transformers' table of classes does not have here, by its name: `dbrx` is DbrxForCausalLM. Null
 * when the converter has no class of that name.
 */
export function classNamedAfter(type: string, supports: (name: string) => boolean): string | null {
  const name = `${type}ForCausalLM`;
  return listSupportedTextArchitectures().find((each) => supports(each) && isAlike(each, name)) ?? null;
}

/** The same but for case and underscores. */
function isAlike(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(name: string): string {
  return name.replaceAll(/[_.-]/g, '').toLowerCase();
}
