import type { FailurePattern } from './failure-pattern';

const TAKE_FROM_BASE = 'Take the tokenizer files of the base model.';

/** What convert_hf_to_gguf.py, and transformers inside it, say of tokenizer files. On the same line the first wins. */
export const TOKENIZER_FAILURE_PATTERNS: readonly FailurePattern[] = [
  {
    pattern: 'pre-tokenizer',
    tools: ['convert'],
    code: 'model-pre-tokenizer-unknown',
    line: /BPE pre-tokenizer was not recognized/,
    also: /chkhsh: +\w+/,
    cause: () =>
      "The tokenizer is not one this llama.cpp knows: fine-tuning changed it, it is new, or the model's " +
      'tokenizer.model is missing.',
    remedy: "Use the base model's tokenizer files, or a newer llama.cpp if the tokenizer really is new.",
  },
  {
    pattern: 'phi-tokenizer-class',
    tools: ['convert'],
    code: 'model-tokenizer-class-wrong',
    line: /Error: Missing (\S*tokenizer\.model)/,
    onlyWith: /phi\.py", line \d+, in set_vocab/,
    cause: ([path]) =>
      `${path} is missing. For the Phi family the converter wants it unless tokenizer_class is GPT2Tokenizer, which newer ` +
      'transformers rename when they save.',
    remedy:
      'Phi-4 (vocabulary 100352): set tokenizer_class to GPT2Tokenizer in tokenizer_config.json. Phi-3: copy ' +
      'tokenizer.model from the base model.',
  },
  {
    pattern: 'tokenizer-file-missing',
    tools: ['convert'],
    code: 'model-tokenizer-missing',
    line: /(?:Error: Missing|File not found:|tokenizer file not found:) (\S*(?:tokenizer|spiece|sentencepiece)\S*)|(Cannot find (?:tokenizer\.model|\S+ BPE tokenizer))/,
    cause: ([path, words]) =>
      path === undefined
        ? `The checkpoint has no tokenizer that the converter can read (${words}).`
        : `${path} is missing: this class of model is converted with it alone, whatever other tokenizer files are there.`,
    remedy: TAKE_FROM_BASE,
  },
  {
    pattern: 'tokenizer-unreadable',
    tools: ['convert'],
    code: 'model-tokenizer-missing',
    line: /(Can't load tokenizer for|Couldn't instantiate the backend tokenizer|Either model_file or model_proto must be specified|Unable to load vocabulary from file)/,
    cause: () => 'The tokenizer files are missing or cannot be read.',
    remedy: TAKE_FROM_BASE,
  },
  {
    pattern: 'tokenizer-class-too-new',
    tools: ['convert'],
    code: 'model-tokenizer-too-new',
    line: /Tokenizer class (\w+) does not exist or is not currently imported/,
    cause: ([name]) =>
      `tokenizer_config.json names the class ${name}, which the converter's transformers does not have: it was saved by a ` +
      'newer version.',
    remedy: 'Let the repair name PreTrainedTokenizerFast instead, which reads the same tokenizer.json.',
  },
  {
    pattern: 'special-tokens-too-new',
    tools: ['convert'],
    code: 'model-tokenizer-too-new',
    line: /AttributeError: 'list' object has no attribute 'keys'/,
    cause: () =>
      "extra_special_tokens in tokenizer_config.json is a list, as transformers 5 saves it; the converter's transformers " +
      'expects names.',
    remedy: 'Let the repair rename the field to additional_special_tokens, or take the file of the base model.',
  },
  {
    pattern: 'tokenizer-larger-than-vocabulary',
    tools: ['convert'],
    code: 'model-tokenizer-mismatch',
    line: /^\s*assert max\(tokenizer\.(?:get_)?vocab(?:\(\))?\.values\(\)\) < vocab_size/,
    cause: () => 'The tokenizer has more tokens than vocab_size in config.json (or than the embedding has rows).',
    remedy:
      'Take vocab_size from the embedding tensor; if that has too few rows, the added tokens must be dropped ' +
      'or the embedding resized.',
  },
];
