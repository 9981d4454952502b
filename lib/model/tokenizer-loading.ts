import type { FileRepair } from '../domain/file-repair';
import { isKnownTokenizerClass } from './tokenizer-classes';
import type { TokenizerFiles } from './tokenizer-files';
import type { TokenizerProblem } from './tokenizer-problem';

const FILE = 'tokenizer_config.json';
/** Takes tokenizer.json as it is, whatever it holds. */
const ANY_CLASS = 'PreTrainedTokenizerFast';
const CAUSE =
  'Files saved by transformers 5 are like that; the converter runs with transformers 4.57, which does not know it.';

/** What would make AutoTokenizer of the pinned transformers stop before it has read a token. */
export function checkLoading(files: TokenizerFiles): TokenizerProblem[] {
  return [unknownClass(files), listOfExtraTokens(files)].filter((problem) => problem !== null);
}

/** `Tokenizer class TokenizersBackend does not exist or is not currently imported.` */
function unknownClass(files: TokenizerFiles): TokenizerProblem | null {
  const name = files.config?.['tokenizer_class'];
  // With code of its own in the repository another class may be meant; that is another finding's business.
  if (typeof name !== 'string' || isKnownTokenizerClass(name) || files.config?.['auto_map'] !== undefined) return null;
  const isFixable = files.names.has('tokenizer.json');
  return {
    finding: {
      code: 'model-tokenizer-too-new',
      severity: 'blocks',
      message: `${FILE} names the class ${JSON.stringify(name.slice(0, 80))}, which the converter's transformers does not have. ${CAUSE}`,
      remedy: isFixable
        ? `Let ${FILE} name ${ANY_CLASS}, which reads tokenizer.json as it is.`
        : "Use the tokenizer files of the base model, or save the tokenizer again with its model's own class.",
      evidence: [`${FILE}: "tokenizer_class": ${JSON.stringify(name.slice(0, 80))}`],
    },
    ...(isFixable ? classRepair(files, ANY_CLASS) : {}),
  };
}

/** A repair that names another class; part of a problem. */
export function classRepair(files: TokenizerFiles, after: string): Pick<TokenizerProblem, 'repairs' | 'apply'> {
  const before = files.config?.['tokenizer_class'];
  const repair: FileRepair = {
    kind: 'set-tokenizer-class',
    file: FILE,
    before: typeof before === 'string' ? before : null,
    after,
  };
  return { repairs: [repair], apply: (old) => ({ ...old, config: { ...old.config, tokenizer_class: after } }) };
}

/** `AttributeError: 'list' object has no attribute 'keys'` */
function listOfExtraTokens(files: TokenizerFiles): TokenizerProblem | null {
  const extra = files.config?.['extra_special_tokens'];
  if (!Array.isArray(extra)) return null;
  const from = 'extra_special_tokens';
  const to = 'additional_special_tokens';
  const isFree = (files.config?.[to] ?? null) === null;
  return {
    finding: {
      code: 'model-tokenizer-too-new',
      severity: 'blocks',
      message: `${FILE} has ${from} as a list of ${extra.length}, where the converter's transformers expects names with tokens. ${CAUSE}`,
      remedy: isFree
        ? `Rename the field to ${to}, which is what transformers 4 calls that list.`
        : `Remove ${from} from ${FILE}; ${to} is there already.`,
      evidence: [`${FILE}: "${from}": ${JSON.stringify(extra).slice(0, 200)}`],
    },
    ...(isFree
      ? {
          repairs: [{ kind: 'rename-field', file: FILE, from, to }],
          apply: (old: TokenizerFiles) => {
            const { [from]: list, ...rest } = old.config ?? {};
            return { ...old, config: { ...rest, [to]: list } };
          },
        }
      : {}),
  };
}
