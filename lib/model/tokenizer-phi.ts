import type { Finding } from '../domain/finding';
import type { TokenizerFiles } from './tokenizer-files';
import { classRepair } from './tokenizer-loading';
import type { TokenizerContext, TokenizerProblem } from './tokenizer-problem';
import { isByteFallback } from './tokenizer-route';
import { tokenizerWay } from './tokenizer-ways';

/** The converter's class for Phi reads `tokenizer_class` without asking whether it is there: `KeyError`. */
export function unnamedPhiClass(files: TokenizerFiles, context: TokenizerContext): TokenizerProblem | null {
  if (tokenizerWay(context.architecture) !== 'phi3' || !files.config) return null;
  if (Object.hasOwn(files.config, 'tokenizer_class')) return null;
  const hasModel = files.names.has('tokenizer.model');
  const after = hasModel ? 'LlamaTokenizer' : 'GPT2Tokenizer';
  const finding = classWrong(
    'tokenizer_config.json names no tokenizer_class, which the converter looks up for every Phi model.',
    `Let it name ${after}, as ${hasModel ? 'Phi-3' : 'Phi-4'} does.`,
    null,
  );
  const isCertain = hasModel || (files.definition !== null && !isByteFallback(files));
  return { finding, ...(isCertain ? classRepair(files, after) : {}) };
}

/**
 * Phi-4 has the vocabulary of GPT-4, and re-saved files name another class for it: then tokenizer.model is demanded, which
 * Phi-4 never had. Null for a Phi-3, which lacks that file indeed.
 */
export function wrongPhiClass(files: TokenizerFiles, context: TokenizerContext): TokenizerProblem | null {
  const name = files.config?.['tokenizer_class'];
  if (tokenizerWay(context.architecture) !== 'phi3' || !files.definition || !files.config) return null;
  if (isByteFallback(files)) return null;
  const finding = classWrong(
    `tokenizer_config.json names the class ${JSON.stringify(name)?.slice(0, 80)}. The converter reads a Phi model's tokenizer.json for GPT2Tokenizer only, and demands tokenizer.model otherwise, which is not there.`,
    'Let tokenizer_config.json name GPT2Tokenizer, as the original Phi-4 does.',
    name,
  );
  return { finding, ...classRepair(files, 'GPT2Tokenizer') };
}

function classWrong(message: string, remedy: string, name: unknown): Finding {
  return {
    code: 'model-tokenizer-class-wrong',
    severity: 'blocks',
    message,
    remedy,
    evidence: [`tokenizer_config.json: "tokenizer_class": ${JSON.stringify(name ?? null)?.slice(0, 80)}`],
  };
}
