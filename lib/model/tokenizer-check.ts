import type { FileRepair } from '../domain/file-repair';
import type { Finding } from '../domain/finding';
import { byteOrderMark } from './byte-order-mark';
import type { ByteRangeReader, ListedFile } from './byte-range-reader';
import { takeFromBase } from './take-from-base';
import { byParts } from './tokenizer-by-parts';
import { checkByteLevel } from './tokenizer-byte-level';
import { readTokenizerFiles, type TokenizerFiles } from './tokenizer-files';
import { checkAgreement, checkFit } from './tokenizer-fit';
import { preTokenizerHash } from './tokenizer-hash';
import { KNOWN_PRE_TOKENIZERS } from './tokenizer-known-hashes';
import { checkLoading } from './tokenizer-loading';
import { unnamedPhiClass, wrongPhiClass } from './tokenizer-phi';
import type { BaseFiles, TokenizerContext, TokenizerProblem } from './tokenizer-problem';
import { type TokenizerRoute, tokenizerRoute } from './tokenizer-route';
import { namesOnlyAddedTokens } from './tokenizer-vocabulary';

export interface TokenizerCheck {
  readonly findings: readonly Finding[];
  /** Changes that together make every one of the findings that block go away; empty when nothing certain does. */
  readonly repairs: readonly FileRepair[];
  /** The files as they are, where the converter takes tokenizer.json and it was read whole: from them can be learned. */
  readonly readWhole: TokenizerFiles | null;
}

const TOKENIZER_FILE =
  /^(tokenizer\.(json|model)|vocab\.(json|txt)|tekken\.json|[^/]+\.tiktoken|[^/]*(spiece|sentencepiece)[^/]*\.model|rwkv_vocab[^/]*\.txt|tokenizer\.model\.v3|tokenizer\.jsonl)$/;
const MAX_REPAIRS = 5;

/**
 * What would make the pinned converter stop at a checkpoint's tokenizer, or write one that does not fit, as far as the
 * files prove it. Repairs are tried on the files in memory, so that one which only uncovers the next fault says so.
 * @throws FailureError when a tokenizer file is a Git LFS pointer or not JSON.
 */
export async function checkTokenizer(
  reader: ByteRangeReader,
  listing: readonly ListedFile[],
  context: TokenizerContext,
): Promise<TokenizerCheck> {
  const absent = absentTokenizer(listing);
  if (absent) return { findings: [absent], repairs: wholeTokenizer(context), readWhole: null };
  const findings = new Map<string, Finding>();
  const repairs: FileRepair[] = [];
  let files = await readFiles(reader, listing, context);
  const readWhole = isReadWhole(files, context) ? files : null;
  for (;;) {
    const problems = await findProblems(files, context);
    for (const { finding } of problems) findings.set(finding.message, finding);
    const blocking = problems.filter(({ finding }) => finding.severity === 'blocks');
    const isHopeless = blocking.some((problem) => problem.repairs === undefined) || repairs.length >= MAX_REPAIRS;
    const [next] = blocking;
    if (next === undefined || isHopeless) {
      return { findings: [...findings.values()], repairs: isHopeless ? [] : repairs, readWhole };
    }
    repairs.push(...(next.repairs ?? []));
    // What a file from elsewhere brings is not known before it is here.
    if (!next.apply) return { findings: [...findings.values()], repairs, readWhole };
    files = next.apply(files);
  }
}

/** A token that is named and not among the added ones may be one of the vocabulary, or one to append: then it is read whole. */
async function readFiles(
  reader: ByteRangeReader,
  listing: readonly ListedFile[],
  { architecture, knownVocabularies, classOfType = null }: TokenizerContext,
): Promise<TokenizerFiles> {
  const files = { ...(await readTokenizerFiles(reader, listing, architecture, knownVocabularies)), classOfType };
  const isSettled = !files.definition?.recognized || namesOnlyAddedTokens(files);
  return isSettled ? files : { ...(await readTokenizerFiles(reader, listing, architecture)), classOfType };
}

function isReadWhole(files: TokenizerFiles, { architecture }: TokenizerContext): boolean {
  const { kind } = tokenizerRoute(architecture, files);
  return files.definition?.recognized === null && (kind === 'transformers' || kind === 'as-it-is');
}

async function findProblems(files: TokenizerFiles, context: TokenizerContext): Promise<TokenizerProblem[]> {
  if (files.marked.length > 0) return files.marked.map(markedFile);
  const unnamed = unnamedPhiClass(files, context);
  if (unnamed) return [unnamed];
  const route = tokenizerRoute(context.architecture, files);
  if (route.kind === 'missing') return [missingFile(files, route, context)];
  if (route.kind === 'sentencepiece') {
    const unreadable = unreadableModel(files, context);
    return unreadable ? [unreadable] : checkFit(files, route, context);
  }
  if (route.kind === 'unclaimed') {
    return files.names.has('tokenizer.model') ? [] : checkFit(files, route, context);
  }
  const loading = checkLoading(files);
  const cut = route.kind === 'transformers' ? checkByteLevel(files) : null;
  // Tokenizing takes its time elsewhere, the rest its time here.
  const hashing = route.kind === 'transformers' && loading.length === 0 && !cut ? checkHash(files, context) : null;
  const fit = checkFit(files, route, context);
  const agreement = checkAgreement(files);
  const hash = await hashing;
  return [...loading, ...fit, ...(cut ? [cut] : []), ...(hash ? [hash] : []), ...agreement];
}

/** Both readers refuse it, Python's and that of the tokenizers library. */
function markedFile(file: string): TokenizerProblem {
  const { finding, repair } = byteOrderMark(file, 'model-tokenizer-missing');
  return {
    finding,
    repairs: [repair],
    apply: (old) => ({ ...old, marked: old.marked.filter((each) => each !== file) }),
  };
}

function absentTokenizer(listing: readonly ListedFile[]): Finding | null {
  const found = listing.filter((file) => TOKENIZER_FILE.test(file.path));
  const hasVocabWithoutMerges =
    found.length === 1 && found[0]?.path === 'vocab.json' && !listing.some(({ path }) => path === 'merges.txt');
  const empty = found.find((file) => file.sizeBytes === 0);
  if (found.length > 0 && !hasVocabWithoutMerges && !empty) return null;
  return {
    code: 'model-tokenizer-missing',
    severity: 'blocks',
    message: `${found.length > 0 && empty ? `${empty.path} is empty` : 'There is no tokenizer'}: converting needs tokenizer.json, tokenizer.model, or vocab.json with merges.txt.`,
    remedy: 'Copy the tokenizer files of the base model into the checkpoint.',
    evidence: listing.slice(0, 15).map((file) => file.path),
  };
}

function missingFile(
  files: TokenizerFiles,
  route: Extract<TokenizerRoute, { kind: 'missing' }>,
  context: TokenizerContext,
): TokenizerProblem {
  const phi = wrongPhiClass(files, context);
  if (phi) return phi;
  const { base } = context;
  return {
    finding: {
      code: 'model-tokenizer-missing',
      severity: 'blocks',
      message: `There is no ${route.file}: ${route.because}.`,
      remedy: `Copy ${route.file} of ${base?.repo ?? 'the base model'} into the checkpoint.`,
      evidence: [...files.names].filter((name) => /token|vocab|merges/.test(name)).slice(0, 15),
    },
    ...takeFromBase(base, [route.file], 'The checkpoint lacks it, and was made from this model.'),
  };
}

/** `RuntimeError: could not parse ModelProto`. A tokenizer.json beside it would be converted to another tokenizer. */
function cutModel(base: BaseFiles | null): TokenizerProblem {
  const file = 'tokenizer.model';
  return {
    finding: {
      code: 'model-tokenizer-mismatch',
      severity: 'blocks',
      message: `${file} begins as a SentencePiece model and does not end as one: the file is cut short.`,
      remedy: `Fetch ${file} again, or take it from ${base?.repo ?? 'the base model'}.`,
      evidence: [file],
    },
    ...takeFromBase(base, [file], `${file} is cut short, and the checkpoint was made from this model.`),
  };
}

/** `RuntimeError: could not parse ModelProto`: Meta's own tokenizer.model of Llama 3 is a list in base64. */
function unreadableModel(files: TokenizerFiles, { base }: TokenizerContext): TokenizerProblem | null {
  if (files.sentencePiece === 'cut') return cutModel(base);
  if (files.sentencePiece !== 'unreadable') return null;
  const canDoWithout = files.names.has('tokenizer.json');
  return {
    finding: {
      code: 'model-tokenizer-mismatch',
      severity: 'blocks',
      message: 'tokenizer.model is no SentencePiece model, but the converter reads it as one because of its name.',
      remedy: canDoWithout
        ? 'Leave tokenizer.model out: tokenizer.json holds the same tokenizer.'
        : 'Replace it by the tokenizer files of the base model.',
      evidence: ['tokenizer.model'],
    },
    ...(canDoWithout
      ? {
          repairs: [
            {
              kind: 'leave-out',
              files: ['tokenizer.model'],
              reason: 'It is no SentencePiece model, and tokenizer.json is there.',
            },
          ],
          apply: (old: TokenizerFiles) => ({
            ...old,
            names: new Set([...old.names].filter((each) => each !== 'tokenizer.model')),
            sentencePiece: null,
          }),
        }
      : {}),
  };
}

async function checkHash(files: TokenizerFiles, context: TokenizerContext): Promise<TokenizerProblem | null> {
  const hash = context.encode === null ? null : await preTokenizerHash(files, context.encode);
  if (hash === null) return null;
  const name = KNOWN_PRE_TOKENIZERS.get(hash.sha256);
  if (name === undefined) return unknownHash(hash.sha256, context);
  return hash.isByParts && files.definition?.recognized
    ? { finding: byParts(files.definition.recognized, hash.sha256, name) }
    : null;
}

/** `NotImplementedError: BPE pre-tokenizer was not recognized` */
function unknownHash(hash: string, { base }: TokenizerContext): TokenizerProblem {
  return {
    finding: {
      code: 'model-pre-tokenizer-unknown',
      severity: 'blocks',
      message: `The converter knows ${KNOWN_PRE_TOKENIZERS.size} tokenizers by what they make of a fixed text, and this one makes something else: a fine-tune changed it, or it is newer than the converter.`,
      remedy: `Use tokenizer.json and tokenizer_config.json of ${base?.repo ?? 'the base model'}; for a model of a new kind, a newer llama.cpp.`,
      evidence: [`chkhsh: ${hash}`],
    },
    ...takeFromBase(
      base,
      ['tokenizer.json', 'tokenizer_config.json'],
      'The converter does not recognize the tokenizer of this fine-tune. Tokens that were added since are lost.',
    ),
  };
}

/** What makes a tokenizer, in the order of what counts most; of the base model when the checkpoint has nothing of it. */
const WHOLE_TOKENIZERS: readonly (readonly string[])[] = [
  ['tokenizer.json'],
  ['tokenizer.model'],
  ['vocab.json', 'merges.txt'],
  ['vocab.txt'],
];
const COMPANIONS = ['tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json', 'chat_template.jinja'];

function wholeTokenizer({ base }: TokenizerContext): readonly FileRepair[] {
  const present = WHOLE_TOKENIZERS.filter((files) => files.every((file) => base?.files.includes(file)));
  const files = [...present.flat(), ...COMPANIONS];
  const why = 'The checkpoint has no tokenizer, and was made from this model.';
  return present.length === 0 ? [] : (takeFromBase(base, files, why).repairs ?? []);
}
