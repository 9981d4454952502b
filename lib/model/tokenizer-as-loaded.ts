import { type ConfigObject, isObject } from './config-reader';
import { plainTokenizerClass } from './tokenizer-classes';
import type { TokenizerDefinition, TokenizerFiles } from './tokenizer-files';
import { decoderTokens, loadedConfig, specialToken } from './tokenizer-vocabulary';

/** Classes that use tokenizer.json as it is. */
const PLAIN: ReadonlySet<string> = new Set(['PreTrained', 'GPT2', 'Qwen2', 'CodeGen', 'Roberta']);
/** Classes that put their own begin and end tokens in place of the post-processor; whether they begin with one. */
const OWN_ENDS: ReadonlyMap<string, boolean> = new Map([
  ['Llama', true],
  ['Gemma', true],
  ['Cohere', true],
  ['GPTNeoX', false],
]);
/** Classes that take lower case and accents from tokenizer_config.json. */
const OWN_CASE: ReadonlySet<string> = new Set(['Bert', 'DistilBert', 'Electra', 'MobileBert']);

/**
 * The fields of tokenizer.json that its class changes while loading (transformers 4.57.6), since the converter hashes
 * what the loaded tokenizer does. Null when it cannot be told: an unusual class, or a step that is not computed the same
 * way here as there. Nothing may be said about the hash then.
 */
export function replacedByLoading(files: TokenizerFiles, text: string): ConfigObject | null {
  const { definition } = files;
  const config = loadedConfig(files);
  const name = config['tokenizer_class'];
  if (!definition || typeof name !== 'string') return null;
  const { content } = definition;
  if (!isFaithful(definition) || touchesText(content, config, text)) return null;
  if (config['fix_mistral_regex'] === true || config['auto_map'] !== undefined) return null;
  const plain = plainTokenizerClass(name);
  const own = byClass(plain, content, config);
  return own === null ? null : { ...own, ...withPrefixSpace(plain, content, config) };
}

function byClass(name: string, content: ConfigObject, config: ConfigObject): ConfigObject | null {
  if (PLAIN.has(name)) return {};
  if (OWN_CASE.has(name)) return withCase(content, config);
  const beginsByItself = OWN_ENDS.get(name);
  if (beginsByItself === undefined) return null;
  // LlamaTokenizerFast is then made from the slow one instead, which is another tokenizer.
  if (name === 'Llama' && (config['add_prefix_space'] ?? null) !== null) return null;
  const begin = flag(config['add_bos_token'], beginsByItself) ? specialToken(config, 'bos_token') : null;
  const end = flag(config['add_eos_token'], false) ? specialToken(config, 'eos_token') : null;
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  return {
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        ...(begin === null ? [] : [special(begin)]),
        { Sequence: { id: 'A', type_id: 0 } },
        ...(end === null ? [] : [special(end)]),
      ],
      pair: [],
      special_tokens: {},
    },
  };
}

function flag(value: unknown, otherwise: boolean): boolean {
  return typeof value === 'boolean' ? value : otherwise;
}

function withCase(content: ConfigObject, config: ConfigObject): ConfigObject | null {
  const normalizer = content['normalizer'];
  if (!isObject(normalizer) || normalizer['type'] !== 'BertNormalizer') return null;
  return {
    normalizer: {
      ...normalizer,
      lowercase: flag(config['do_lower_case'], true),
      strip_accents: config['strip_accents'] ?? null,
      handle_chinese_chars: flag(config['tokenize_chinese_chars'], true),
    },
  };
}

/** A class brings `add_prefix_space` of the outermost pre-tokenizer into line with its own; Llama's is neither. */
function withPrefixSpace(name: string, content: ConfigObject, config: ConfigObject): ConfigObject {
  const pre = content['pre_tokenizer'];
  const own = Object.hasOwn(config, 'add_prefix_space') ? config['add_prefix_space'] : false;
  if (name === 'Llama' || !isObject(pre) || typeof pre['add_prefix_space'] !== 'boolean' || typeof own !== 'boolean')
    return {};
  return { pre_tokenizer: { ...pre, add_prefix_space: own } };
}

/** An added token within the text, unless both files agree on it and it matches anywhere: rules for those differ. */
function touchesText(content: ConfigObject, config: ConfigObject, text: string): boolean {
  const added = Array.isArray(content['added_tokens']) ? content['added_tokens'].filter(isObject) : [];
  const isIn = (token: unknown) => typeof token === 'string' && token !== '' && text.includes(token);
  if (added.some((token) => isIn(token['content']) && token['single_word'] === true)) return true;
  const known = new Set(added.map((token) => token['content']));
  return decoderTokens(config).some(([, token]) => isIn(token) && !known.has(token));
}

const NORMALIZERS: ReadonlySet<unknown> = new Set([
  'NFC',
  'NFKC',
  'NFD',
  'NFKD',
  'Prepend',
  'Lowercase',
  'BertNormalizer',
]);
const POST_PROCESSORS: ReadonlySet<unknown> = new Set([
  'ByteLevel',
  'TemplateProcessing',
  'RobertaProcessing',
  'BertProcessing',
]);

/** Whether tokenizing with this file gives the same ids here as in the tokenizers library; measured, step by step. */
function isFaithful({ content, recognized }: TokenizerDefinition): boolean {
  const model = content['model'];
  if (!isObject(model) || !isFaithfulModel(model, recognized !== null)) return false;
  return (
    steps(content['normalizer'], 'normalizers').every(isFaithfulNormalizer) &&
    steps(content['pre_tokenizer'], 'pretokenizers').every((step) => isFaithfulPreTokenizer(step, content)) &&
    steps(content['post_processor'], 'processors').every((step) => POST_PROCESSORS.has(step['type']))
  );
}

function isFaithfulModel(model: ConfigObject, isRecognized: boolean): boolean {
  if (model['type'] === 'WordPiece') return true;
  // Older files leave the type of a byte-pair model out.
  if ((model['type'] ?? 'BPE') !== 'BPE') return false;
  // A recognized one has them, they were just not read.
  if (!isRecognized && (!isObject(model['vocab']) || !Array.isArray(model['merges']))) return false;
  const isPlain = (key: string) => (model[key] ?? '') === '';
  return (model['dropout'] ?? 0) === 0 && isPlain('continuing_subword_prefix') && isPlain('end_of_word_suffix');
}

function isFaithfulNormalizer(step: ConfigObject): boolean {
  if (step['type'] !== 'Replace') return NORMALIZERS.has(step['type']);
  return isObject(step['pattern']) && typeof step['pattern']['String'] === 'string';
}

function isFaithfulPreTokenizer(step: ConfigObject, content: ConfigObject): boolean {
  const type = step['type'];
  if (type === 'ByteLevel' || type === 'BertPreTokenizer' || type === 'Digits') return true;
  if (type !== 'Split' || !isObject(step['pattern'])) return false;
  if (step['behavior'] === 'Isolated') return step['invert'] !== true;
  if (step['behavior'] === 'Removed') return step['invert'] === true;
  // Gemma splits at spaces after it has replaced them all, so that there is nothing to split at.
  const pattern = step['pattern']['String'];
  return steps(content['normalizer'], 'normalizers').some(
    (normalizer) =>
      normalizer['type'] === 'Replace' &&
      isObject(normalizer['pattern']) &&
      normalizer['pattern']['String'] === pattern,
  );
}

/** A step, or the steps of a sequence; null stands for none. */
function steps(value: unknown, key: string): ConfigObject[] {
  if (!isObject(value)) return [];
  if (value['type'] !== 'Sequence') return [value];
  const inner = value[key];
  return Array.isArray(inner) ? inner.filter(isObject).flatMap((step) => steps(step, key)) : [];
}
