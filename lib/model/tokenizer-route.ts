import { isObject } from './config-reader';
import type { TokenizerFiles } from './tokenizer-files';
import { type TokenizerWay, tokenizerWay } from './tokenizer-ways';

/**
 * What the converter will read:
 * - `sentencepiece`: tokenizer.model; rows without a piece are filled up, tokens without a row passed over
 * - `transformers`: all files through AutoTokenizer, and the pre-tokenizer by its hash
 * - `as-it-is`: tokenizer.json through AutoTokenizer, its tokens written without filling up
 * - `missing`: it stops for want of this file
 * - `unclaimed`: nothing is said
 */
export type TokenizerRoute =
  | { readonly kind: 'sentencepiece' | 'transformers' | 'as-it-is' | 'unclaimed' }
  | { readonly kind: 'missing'; readonly file: string; readonly because: string };

const SENTENCEPIECE: TokenizerRoute = { kind: 'sentencepiece' };
const TRANSFORMERS: TokenizerRoute = { kind: 'transformers' };
const AS_IT_IS: TokenizerRoute = { kind: 'as-it-is' };
const UNCLAIMED: TokenizerRoute = { kind: 'unclaimed' };

function missing(file: string, because: string): TokenizerRoute {
  return { kind: 'missing', file, because };
}

/** Follows `set_vocab` of the class through the files that are there (llama.cpp v0.5.0, conversion/*.py). */
export function tokenizerRoute(architecture: string | null, files: TokenizerFiles): TokenizerRoute {
  const way = tokenizerWay(architecture);
  return way === null ? UNCLAIMED : ROUTES[way](files, architecture ?? '');
}

const ROUTES: Readonly<Record<TokenizerWay, (files: TokenizerFiles, architecture: string) => TokenizerRoute>> = {
  gpt2: () => TRANSFORMERS,
  sentencepiece: (files, architecture) =>
    files.names.has('tokenizer.model')
      ? SENTENCEPIECE
      : missing('tokenizer.model', `the converter reads the tokenizer of ${architecture} from that file only`),
  'sentencepiece-or-gpt2': ({ names }) => (names.has('tokenizer.model') ? SENTENCEPIECE : TRANSFORMERS),
  // Whatever fails on the first way is tried on the second.
  'gpt2-or-sentencepiece': ({ names }) => (names.has('tokenizer.model') ? UNCLAIMED : TRANSFORMERS),
  llama: llamaRoute,
  'llama-hf': asItIsRoute,
  'sentencepiece-or-llama-hf': (files, architecture) =>
    files.names.has('tokenizer.model') ? SENTENCEPIECE : asItIsRoute(files, architecture),
  phi3: phi3Route,
  mamba: ({ names }) => {
    if (names.has('tokenizer.json')) return TRANSFORMERS;
    return names.has('tokenizer.model') ? SENTENCEPIECE : missing('tokenizer.json', NO_BUILT_IN);
  },
  mamba2: ({ names }) => {
    if (names.has('tokenizer.model')) return SENTENCEPIECE;
    if (names.has('tokenizer.model.v3')) {
      return missing('tokenizer.model', 'the converter wants tokenizer.model.v3 under that name');
    }
    return names.has('tokenizer.json') ? TRANSFORMERS : missing('tokenizer.json', NO_BUILT_IN);
  },
  'tokenizer-json': ({ names }, architecture) =>
    names.has('tokenizer.json')
      ? UNCLAIMED
      : missing('tokenizer.json', `the converter reads the tokenizer of ${architecture} from that file only`),
  t5: ({ names }, architecture) =>
    names.has('tokenizer.model') || names.has('spiece.model')
      ? UNCLAIMED
      : missing('spiece.model', `the converter reads the tokenizer of ${architecture} from that file only`),
  'xlm-roberta': ({ names }) =>
    names.has('sentencepiece.bpe.model') || names.has('tokenizer.json')
      ? UNCLAIMED
      : missing('tokenizer.json', 'there is no sentencepiece.bpe.model either'),
};

/** The vocabularies that the converter would fall back on are not part of what is installed. */
const NO_BUILT_IN = 'there is no tokenizer.model either';

function llamaRoute(files: TokenizerFiles): TokenizerRoute {
  const { names } = files;
  if (names.has('tekken.json') && !names.has('tokenizer.json')) {
    return missing('tokenizer.json', 'tekken.json alone is read with mistral-common, which converting does not need');
  }
  // A class of its own, for models of DNA.
  if (files.config?.['tokenizer_class'] === 'HybridDNATokenizer') return UNCLAIMED;
  if (names.has('tokenizer.model')) return SENTENCEPIECE;
  return isByteFallback(files) ? AS_IT_IS : TRANSFORMERS;
}

function asItIsRoute(files: TokenizerFiles, architecture: string): TokenizerRoute {
  if (!files.names.has('tokenizer.json')) {
    return missing('tokenizer.json', `the converter reads the tokenizer of ${architecture} from that file only`);
  }
  return isByteFallback(files) ? AS_IT_IS : UNCLAIMED;
}

/** A file of 'GPT2Tokenizer' exactly: 'GPT2TokenizerFast' is another name to the converter. */
function phi3Route(files: TokenizerFiles): TokenizerRoute {
  if (files.config?.['tokenizer_class'] === 'GPT2Tokenizer') return TRANSFORMERS;
  if (files.names.has('tokenizer.model')) return SENTENCEPIECE;
  return missing(
    'tokenizer.model',
    'the converter demands it of a Phi model whose tokenizer_config.json does not name GPT2Tokenizer',
  );
}

/** What `LlamaHfVocab` accepts: byte-pair encoding with byte fallback and a decoder of several steps. */
export function isByteFallback({ definition }: TokenizerFiles): boolean {
  const model = definition?.content['model'];
  const decoder = definition?.content['decoder'];
  if (!isObject(model) || !isObject(decoder)) return false;
  return model['type'] === 'BPE' && model['byte_fallback'] === true && decoder['type'] === 'Sequence';
}
