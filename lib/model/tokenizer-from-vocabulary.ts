import { plainTokenizerClass } from './tokenizer-classes';
import type { TokenizerDefinition, TokenizerFiles } from './tokenizer-files';
import { loadedConfig, specialToken } from './tokenizer-vocabulary';

/** How Qwen 2's class splits a text where no tokenizer.json says it (transformers 4.57.6, convert_slow_tokenizer.py). */
const QWEN2_SPLIT =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/**
 * The tokenizer.json that transformers makes of vocab.json and merges.txt for lack of one: it knows the splitting of the
 * class only, so that a model which split otherwise is not recognized any more. Null for other classes and other files.
 */
export function definitionFromVocabulary(files: TokenizerFiles): TokenizerDefinition | null {
  const config = loadedConfig(files);
  const name = config['tokenizer_class'];
  if (!files.vocabulary || files.merges === null || typeof name !== 'string') return null;
  const steps = byClass(plainTokenizerClass(name));
  if (steps === null) return null;
  const begin = config['add_bos_token'] === true ? specialToken(config, 'bos_token') : null;
  const content = {
    added_tokens: [],
    ...steps.fields,
    post_processor: begin === null || !steps.mayBegin ? { type: 'ByteLevel', trim_offsets: false } : beginWith(begin),
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab: files.vocabulary, merges: steps.merges(files.merges) },
  };
  return { content, recognized: null, bytes: async () => new TextEncoder().encode(JSON.stringify(content)) };
}

interface ClassSteps {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly mayBegin: boolean;
  readonly merges: (text: string) => string[][];
}

function byClass(name: string): ClassSteps | null {
  const bytes = { type: 'ByteLevel', add_prefix_space: false };
  if (name === 'GPT2') {
    return {
      fields: { normalizer: null, pre_tokenizer: { ...bytes, use_regex: true } },
      mayBegin: true,
      // The first line is the version's, whatever it holds, and the last is empty.
      merges: (text) => text.split('\n').slice(1, -1).map(pairOf),
    };
  }
  if (name !== 'Qwen2') return null;
  const split = { type: 'Split', pattern: { Regex: QWEN2_SPLIT }, behavior: 'Isolated', invert: false };
  return {
    fields: {
      normalizer: { type: 'NFC' },
      pre_tokenizer: { type: 'Sequence', pretokenizers: [split, { ...bytes, use_regex: false }] },
    },
    mayBegin: false,
    merges: (text) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line, index) => line !== '' && !(index === 0 && line.startsWith('#version:')))
        .map(pairOf),
  };
}

function pairOf(line: string): string[] {
  return line.trim().split(/\s+/);
}

function beginWith(id: string): unknown {
  return {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [],
    special_tokens: {},
  };
}
