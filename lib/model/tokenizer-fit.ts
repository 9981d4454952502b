import type { Finding } from '../domain/finding';
import { addedTokens } from './added-tokens';
import { takeFromBase } from './take-from-base';
import type { TokenizerFiles } from './tokenizer-files';
import type { TokenizerContext, TokenizerProblem } from './tokenizer-problem';
import type { TokenizerRoute } from './tokenizer-route';
import { decoderTokens, type TokenizerVocabulary, tokenizerVocabulary } from './tokenizer-vocabulary';

type Vocabulary = NonNullable<TokenizerContext['vocabulary']>;

const OWN_FILES =
  'Use the tokenizer files that belong to these weights: those of the base model, or resize the embedding and save the model again.';

/** Whether tokens and rows of the embedding go together on the way that the converter takes. */
export function checkFit(files: TokenizerFiles, route: TokenizerRoute, context: TokenizerContext): TokenizerProblem[] {
  const { vocabulary } = context;
  if (!vocabulary) return [];
  const isPhi = route.kind === 'sentencepiece' && /^Phi/.test(context.architecture ?? '');
  const finding =
    route.kind === 'sentencepiece'
      ? ((isPhi ? piecesBeyondRows(files, vocabulary) : null) ??
        farTooFew(piecesOf(files), vocabulary, 'tokenizer.model'))
      : checkTokens(files, route, vocabulary);
  if (!finding) return [];
  // With tokenizer.model the converter takes its other way, which fills up the rows.
  if (route.kind !== 'as-it-is' || finding.actual === undefined) return [{ finding }];
  const why = 'tokenizer.json has fewer tokens than the embedding has rows; with this file the rest is filled up.';
  return [{ finding, ...takeFromBase(context.base, ['tokenizer.model'], why) }];
}

/** The tokens of a large vocabulary take their time to go through, so that it is done once for all three questions. */
function checkTokens(files: TokenizerFiles, route: TokenizerRoute, vocabulary: Vocabulary): Finding | null {
  const tokens = tokenizerVocabulary(files);
  return (
    tokenBeyondRows(tokens, vocabulary) ??
    (route.kind === 'as-it-is' ? rowsBeyondTokens(tokens, vocabulary) : null) ??
    farTooFew(reachOf(tokens), vocabulary, files.definition ? 'tokenizer.json' : 'vocab.json')
  );
}

/** The converter stops at such a token: `assert max(vocab.values()) < vocab_size`. */
function tokenBeyondRows({ top, appended }: TokenizerVocabulary, vocabulary: Vocabulary): Finding | null {
  if (!top || top.id < vocabulary.value) return null;
  const isAppended = top.file === 'tokenizer_config.json';
  const because = isAppended
    ? ` It is one of ${appended.length} that tokenizer_config.json names and tokenizer.json does not have, so that loading puts ${appended.length === 1 ? 'it' : 'them'} behind all others.`
    : '';
  return mismatch(
    `The tokenizer has token ${top.id} (${quote(top.text)}), but the embedding has ${vocabulary.value} rows, for tokens 0 to ${vocabulary.value - 1}.${because}`,
    OWN_FILES,
    [`${top.file}: id ${top.id}`, shapeOf(vocabulary)],
  );
}

/** The file converts, and then does not load: `tensor 'token_embd.weight' has wrong shape`. */
function rowsBeyondTokens({ count }: TokenizerVocabulary, vocabulary: Vocabulary): Finding | null {
  if (count === 0 || count >= vocabulary.value) return null;
  return {
    ...mismatch(
      `tokenizer.json has ${count} tokens and the embedding ${vocabulary.value} rows. Without tokenizer.model the converter writes the tokens as they are, and the finished file would not load.`,
      'Add tokenizer.model of the base model: then the converter fills up the rows that have no token.',
      [`tokenizer.json: ${count} tokens`, shapeOf(vocabulary)],
    ),
    configured: count,
    actual: vocabulary.value,
  };
}

/** Rows without a token are padding up to a round number, or room for tokens to come: a few thousand at most. */
const MOST_EMPTY_ROWS = 1024;
const MOST_EMPTY_SHARE = 0.2;

/** The tokenizer of another model: the rest is filled up, so that the file converts, loads and talks nonsense. */
function farTooFew(count: number, vocabulary: Vocabulary, file: string): Finding | null {
  const empty = vocabulary.value - count;
  if (count === 0 || empty <= MOST_EMPTY_ROWS || empty / vocabulary.value <= MOST_EMPTY_SHARE) return null;
  return mismatch(
    `${file} has ${count} tokens, but the embedding has ${vocabulary.value} rows: this is the tokenizer of another model. The converter would fill up the rest and report success.`,
    OWN_FILES,
    [`${file}: ${count} tokens`, shapeOf(vocabulary)],
  );
}

/** How many rows the tokens reach: ids may leave gaps. */
function reachOf({ count, top }: TokenizerVocabulary): number {
  return Math.max(count, (top?.id ?? -1) + 1);
}

function piecesOf({ sentencePiece }: TokenizerFiles): number {
  return typeof sentencePiece === 'object' ? (sentencePiece?.pieces ?? 0) : 0;
}

/** Phi's class counts on a row for every piece and every added token: `list index out of range`. */
function piecesBeyondRows(files: TokenizerFiles, vocabulary: Vocabulary): Finding | null {
  const pieces = piecesOf(files);
  const candidates = [
    { id: pieces - 1, text: '', file: 'tokenizer.model' },
    ...decoderTokens(files.config ?? {}).map(([id, text]) => ({ id, text, file: 'tokenizer_config.json' })),
    ...addedTokens(files.definition?.content ?? {}).map(([id, text]) => ({ id, text, file: 'tokenizer.json' })),
  ];
  const top = candidates.reduce((highest, each) => (each.id > highest.id ? each : highest));
  if (top.id < vocabulary.value) return null;
  return mismatch(
    `${top.file} has token ${top.id}${top.text === '' ? '' : ` (${quote(top.text)})`}, but the embedding has ${vocabulary.value} rows, for tokens 0 to ${vocabulary.value - 1}.`,
    OWN_FILES,
    [`${top.file}: id ${top.id}`, shapeOf(vocabulary)],
  );
}

/** Files that give one token two ids. Loading takes tokenizer.json's, so it is no fault as long as that is right. */
export function checkAgreement(files: TokenizerFiles): TokenizerProblem[] {
  const content = files.definition?.content;
  if (!content) return [];
  const byText = new Map(addedTokens(content).map(([id, text]) => [text, id]));
  const others = [
    ...decoderTokens(files.config ?? {}).map(([id, text]) => ({ id, text, file: 'tokenizer_config.json' })),
    ...Object.entries(files.addedTokens ?? {}).map(([text, id]) => ({ id, text, file: 'added_tokens.json' })),
  ];
  const disagreeing = others.filter(({ id, text }) => byText.has(text) && byText.get(text) !== id);
  if (disagreeing.length === 0) return [];
  return [
    {
      finding: {
        code: 'tokenizer-files-disagree',
        severity: 'note',
        message: `${disagreeing.length} added token${disagreeing.length === 1 ? ' has' : 's have'} another id in tokenizer.json than beside it. The ids of tokenizer.json are used.`,
        remedy: "If the model answers oddly, compare these files with the base model's.",
        evidence: disagreeing
          .slice(0, 10)
          .map(
            ({ id, text, file }) => `${quote(text)}: ${byText.get(text)} in tokenizer.json, ${String(id)} in ${file}`,
          ),
      },
    },
  ];
}

function mismatch(message: string, remedy: string, evidence: readonly string[]): Finding {
  return { code: 'model-tokenizer-mismatch', severity: 'blocks', message, remedy, evidence };
}

function shapeOf({ tensor, shape }: Vocabulary): string {
  return `${tensor} [${shape.join(', ')}]`;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
