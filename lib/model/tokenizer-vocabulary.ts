import { addedTokens } from './added-tokens';
import { type ConfigObject, isObject } from './config-reader';
import type { RecognizedVocabulary } from './recognize-tokenizer';
import { plainTokenizerClass } from './tokenizer-classes';
import type { TokenizerFiles } from './tokenizer-files';

/** All tokens that the files define, as far as converting can trip over them. */
export interface TokenizerVocabulary {
  /** The token with the highest id, and where it is written. */
  readonly top: { readonly id: number; readonly text: string; readonly file: string } | null;
  /** Distinct tokens, as transformers would count them after loading. */
  readonly count: number;
  /** Tokens that tokenizer_config.json names and tokenizer.json lacks: transformers puts them behind all others. */
  readonly appended: readonly string[];
}

/** Special tokens that a class names by itself when tokenizer_config.json does not (transformers 4.57.6). */
const CLASS_TOKENS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  GPT2: { unk_token: '<|endoftext|>', bos_token: '<|endoftext|>', eos_token: '<|endoftext|>' },
  GPTNeoX: { unk_token: '<|endoftext|>', bos_token: '<|endoftext|>', eos_token: '<|endoftext|>' },
  Qwen2: { unk_token: '<|endoftext|>', eos_token: '<|endoftext|>', pad_token: '<|endoftext|>' },
  Llama: { unk_token: '<unk>', bos_token: '<s>', eos_token: '</s>' },
  Gemma: { unk_token: '<unk>', bos_token: '<bos>', eos_token: '<eos>', pad_token: '<pad>' },
  Cohere: { unk_token: '<UNK>', bos_token: '<BOS_TOKEN>', eos_token: '<|END_OF_TURN_TOKEN|>' },
};
const SPECIAL_KEYS = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'];
const MAX_APPENDED = 100_000;

/** The text of a special token as tokenizer_config.json writes it: a string, or an object with its content. */
export function tokenText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return isObject(value) && typeof value['content'] === 'string' ? value['content'] : null;
}

/**
 * tokenizer_config.json as transformers takes it: where it has no `added_tokens_decoder`, the older files
 * special_tokens_map.json and added_tokens.json count too; where it names no class, the model's type does.
 */
export function loadedConfig(files: TokenizerFiles): ConfigObject {
  const written = files.config ?? {};
  const isNamed = typeof written['tokenizer_class'] === 'string' || (files.classOfType ?? null) === null;
  const config = isNamed ? written : { ...written, tokenizer_class: files.classOfType };
  if (Object.hasOwn(config, 'added_tokens_decoder')) return config;
  const decoder = Object.entries(files.addedTokens ?? {}).map(([text, id]) => [String(id), { content: text }]);
  return { ...config, ...files.specialTokens, added_tokens_decoder: Object.fromEntries(decoder) };
}

/** A class's special token: what tokenizer_config.json says (null: none), else what the class says. */
export function specialToken(config: ConfigObject, key: string): string | null {
  if (Object.hasOwn(config, key)) return tokenText(config[key]);
  const name = config['tokenizer_class'];
  return typeof name === 'string' ? (CLASS_TOKENS[plainTokenizerClass(name)]?.[key] ?? null) : null;
}

/** The vocabulary of tokenizer.json with what loading adds; of vocab.json and added_tokens.json where there is none. */
export function tokenizerVocabulary(files: TokenizerFiles): TokenizerVocabulary {
  if (!files.definition) {
    const tokens = new DefinedTokens();
    for (const [text, id] of Object.entries(files.vocabulary ?? {})) tokens.take(id, text, 'vocab.json');
    for (const [text, id] of Object.entries(files.addedTokens ?? {})) tokens.take(id, text, 'added_tokens.json');
    return { top: tokens.top, count: tokens.ids.size, appended: [] };
  }
  const { content, recognized } = files.definition;
  if (recognized) return recognizedVocabulary(recognized, addedTokens(content));
  const { ids, top } = tokensOfDefinition(content);
  const appended = tokensToAppend(loadedConfig(files), ids);
  const id = nextId(content) + appended.length - 1;
  const last = appended.at(-1);
  const isBehindAll = last !== undefined && id > (top?.id ?? -1);
  return {
    top: isBehindAll ? { id, text: last, file: 'tokenizer_config.json' } : top,
    count: ids.size + appended.length,
    appended,
  };
}

class DefinedTokens {
  readonly ids = new Map<string, number>();
  top: TokenizerVocabulary['top'] = null;

  take(id: unknown, text: string, file: string): void {
    if (typeof id !== 'number' || !Number.isSafeInteger(id)) return;
    this.ids.set(text, id);
    if (this.top === null || id > this.top.id) this.top = { id, text, file };
  }
}

/** A check asks up to three times about the same parsed file, and a large vocabulary takes its time to go through. */
const definedTokens = new WeakMap<ConfigObject, Readonly<DefinedTokens>>();

function tokensOfDefinition(content: ConfigObject): Readonly<DefinedTokens> {
  const before = definedTokens.get(content);
  if (before) return before;
  const tokens = new DefinedTokens();
  eachToken(content, (id, text) => tokens.take(id, text, 'tokenizer.json'));
  for (const [id, text] of addedTokens(content)) tokens.take(id, text, 'tokenizer.json');
  definedTokens.set(content, tokens);
  return tokens;
}

/** Nothing is appended: where tokenizer_config.json names a token that is not among the added ones, the file is read whole. */
function recognizedVocabulary(
  { vocabulary, lastToken }: RecognizedVocabulary,
  added: readonly (readonly [number, string])[],
): TokenizerVocabulary {
  const { tokenCount } = vocabulary;
  const beyond = new Map(added.filter(([id]) => id >= tokenCount));
  const last = { id: tokenCount - 1, text: lastToken, file: 'tokenizer.json' };
  const top = [...beyond].reduce((highest, [id, text]) => (id > highest.id ? { ...last, id, text } : highest), last);
  return { top, count: tokenCount + beyond.size, appended: [] };
}

/** Whether every token that tokenizer_config.json names is among the added ones of a tokenizer.json. */
export function namesOnlyAddedTokens(files: TokenizerFiles): boolean {
  const added = new Map(addedTokens(files.definition?.content ?? {}).map(([id, text]) => [text, id]));
  return tokensToAppend(loadedConfig(files), added).length === 0;
}

/** Every token of the model: BPE and WordPiece map text to id, Unigram lists [text, score] by id. */
function eachToken(content: ConfigObject, onToken: (id: unknown, text: string) => void): void {
  const model = isObject(content['model']) ? content['model'] : {};
  const vocab = model['vocab'];
  if (isObject(vocab)) for (const text of Object.keys(vocab)) onToken(vocab[text], text);
  if (!Array.isArray(vocab)) return;
  for (const [id, entry] of vocab.entries()) onToken(id, String(Array.isArray(entry) ? entry[0] : ''));
}

/** The `added_tokens_decoder` of a tokenizer_config.json as id and text, by id. */
export function decoderTokens(config: ConfigObject): (readonly [number, string])[] {
  const decoder = config['added_tokens_decoder'];
  if (!isObject(decoder)) return [];
  return Object.entries(decoder).flatMap(([key, token]) => {
    const text = tokenText(token);
    return text !== null && /^\d{1,9}$/.test(key) ? [[Number(key), text] as const] : [];
  });
}

function tokensToAppend(config: ConfigObject, known: ReadonlyMap<string, number>): string[] {
  const additional = [config['additional_special_tokens'], config['extra_special_tokens']].flatMap((list) =>
    Array.isArray(list) ? list.map(tokenText) : [],
  );
  const named = [
    ...decoderTokens(config).map(([, text]) => text),
    ...SPECIAL_KEYS.map((key) => specialToken(config, key)),
    ...additional,
  ];
  const missing = named.filter((text): text is string => text !== null && text !== '' && !known.has(text));
  return [...new Set(missing)].slice(0, MAX_APPENDED);
}

/** The id that the tokenizers library gives to the next token that is added. */
function nextId(content: ConfigObject): number {
  const vocab = isObject(content['model']) ? content['model']['vocab'] : null;
  const size = Array.isArray(vocab) ? vocab.length : isObject(vocab) ? Object.keys(vocab).length : 0;
  const highest = addedTokens(content).reduce((max, [id]) => Math.max(max, id), -1);
  return Math.max(size, highest + 1);
}
